public import BASELab
public import CAPLab
public import Lab
public import PaxosLab
public import QuorumCommitLab
public import RaftLab
public import ReferenceModels
public import ThreePhaseCommitLab
public import TwoPhaseCommitLab
public import ZABLab
public import ZooKeeperEnsembleLab

/// The chapters, each by its laboratory: the one list that everything else asks.
public enum Catalogue {
  /// Shows a visitor each chapter, in the order of the Notes.
  ///
  /// Each is named here by its type, so that a build across modules makes code of its own for each
  /// chapter, which is several times as fast as code for any. That takes code which others may
  /// inline, and imports that are public.
  @inlinable public static func visitChapters(_ visitor: inout some LaboratoryVisitor) throws {
    try visitor.visit(CAPLaboratory.self)
    try visitor.visit(BASELaboratory.self)
    try visitor.visit(TransferLaboratory.self)
    try visitor.visit(TwoPhaseCommitLaboratory.self)
    try visitor.visit(LocksLaboratory.self)
    try visitor.visit(ThreePhaseCommitLaboratory.self)
    try visitor.visit(QuorumCommitLaboratory.self)
    try visitor.visit(PaxosLaboratory.self)
    try visitor.visit(MultiPaxosLaboratory.self)
    try visitor.visit(PaxosCommitLaboratory.self)
    try visitor.visit(RaftLaboratory.self)
    try visitor.visit(ZABLaboratory.self)
    try visitor.visit(ElectionLaboratory.self)
    try visitor.visit(SynchronizationLaboratory.self)
    try visitor.visit(ZooKeeperEnsembleLaboratory.self)
  }

  /// Shows a visitor each protocol that is no chapter, whose states others have counted.
  @inlinable public static func visitReferenceModels(_ visitor: inout some LaboratoryVisitor) throws
  {
    try visitor.visit(LamportLaboratory.self)
    try visitor.visit(PaxosRegisterLaboratory.self)
    try visitor.visit(SharedRegisterLaboratory.self)
  }
}

/// Does something with each laboratory, whatever its model.
public protocol LaboratoryVisitor {
  /// Does it with this one.
  mutating func visit<L: Laboratory>(_ laboratory: L.Type) throws
}
