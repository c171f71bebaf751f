/*
 * Lamport's TwoPhase (transaction_commit/TwoPhase.tla of the TLA+ examples): N resource managers,
 * a transaction manager, and a set of messages from which nothing is ever taken. Each option below
 * is one action of the specification. That nobody commits while another aborts is asserted where
 * either happens; to have committed, or aborted, is final, so the two bits add no states.
 */
#ifndef N
#define N 7
#endif
mtype = { working, prepared, committed, aborted, deciding };
mtype rm[N] = working;
mtype tm = deciding;
bool tmPrepared[N];
bool sentPrepared[N];
bool sentCommit, sentAbort;
byte count;
bool someCommitted, someAborted;

active [N] proctype RM() {
end:
  do
  :: atomic { rm[_pid] == working -> rm[_pid] = prepared; sentPrepared[_pid] = true }
  :: atomic { rm[_pid] == working -> rm[_pid] = aborted; someAborted = true; assert(!someCommitted) }
  :: atomic { sentCommit && rm[_pid] != committed -> rm[_pid] = committed; someCommitted = true; assert(!someAborted) }
  :: atomic { sentAbort && rm[_pid] != aborted -> rm[_pid] = aborted; someAborted = true; assert(!someCommitted) }
  :: atomic { tm == deciding && sentPrepared[_pid] && !tmPrepared[_pid] -> tmPrepared[_pid] = true; count++ }
  od
}
active proctype TM() {
end:
  do
  :: atomic { tm == deciding && count == N -> tm = committed; sentCommit = true }
  :: atomic { tm == deciding -> tm = aborted; sentAbort = true }
  od
}
