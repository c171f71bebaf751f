// What imports the client has the words that it speaks.
@_exported public import ZooKeeper
