/*
 * The Synod, with majorities, as the chapter Paxos has it: two proposers that are asked for a value
 * each, N acceptors and a learner; nothing crashes, messages are neither lost nor doubled and arrive
 * in any order, and no timer runs out. A state here is a state there, one for one:
 *
 * - A node has its machine, its disk, and a queue of records that are not stable yet and of what is
 *   held behind them. A disk makes any number of the records stable, the first ones.
 * - Messages under way are a multiset: a bit or a small number for each message and link.
 * - What is observed adds no state: what was asked, answered and learnt is known from the machines.
 *
 * The ballots are 1.p, here 1, and the greater 1.q, here 2; p proposes V in the first, q its own W or
 * what it adopts in the second. Acceptors are the nodes 0 to N - 1, N from 1 to 3. Each option below is
 * one act.
 */
#ifndef N
#define N 3
#endif
#define SECOND (N / 2 + 1)
#define FIRST (N - SECOND + 1)
#define V 1
#define W 2

/* Proposers. */
#define Idle 0
#define Preparing 1
#define Proposing 2
#define Preempted 3
#define Decided 4

/* Records, and what is held behind them. */
#define PromisedP 1
#define PromisedQ 2
#define AcceptedP 3
#define AcceptedQV 4
#define AcceptedQW 5
#define PromiseP 6
#define PromiseQ 7
#define PromiseQV 8     /* and it had accepted V in 1.p */
#define TellP 9
#define TellQV 10
#define TellQW 11
#define RejectP 12

byte nextAsk;
/* Proposers: where they stand, the value that is proposed or chosen, whether they have begun a
   ballot, and whether their record of that is stable. */
byte pState, qState, pValue, qValue;
bool pBegun, qBegun, pStored, qStored;
byte pPromised, qPromised, qTold;      /* who has promised; who has told V */

/* Acceptors, their disks and queues. */
byte promised[N], vote[N], value[N];
byte diskPromise[N], diskVote[N], diskValue[N];
chan queue[N] = [12] of { byte };

/* The learner: the last acceptance of each, and what it has learnt. */
byte heardBallot[N], heardValue[N], learnt;

/* Under way. */
byte prepareP, prepareQ, promiseP, promiseQ, promiseQV;
byte acceptP, acceptQV, acceptQW, tellP, tellQV, tellQW;
byte rejects[N], chosenP, chosenQ;

/* Used within one step only. */
hidden byte x, k, n, records, wanted;

inline leave(who, code) {
  if
  :: code == PromiseP -> promiseP = promiseP | (1 << who)
  :: code == PromiseQ -> promiseQ = promiseQ | (1 << who)
  :: code == PromiseQV -> promiseQV = promiseQV | (1 << who)
  :: code == TellP -> tellP = tellP | (1 << who)
  :: code == TellQV -> tellQV = tellQV | (1 << who)
  :: code == TellQW -> tellQW = tellQW | (1 << who)
  :: code == RejectP -> rejects[who]++
  fi
}

/* Leaves now, or is held until all that was persisted is stable. */
inline send(who, code) {
  if
  :: len(queue[who]) == 0 -> leave(who, code)
  :: else -> queue[who]!code
  fi
}

inline settle(who, record) {
  if
  :: record == PromisedP -> diskPromise[who] = 1
  :: record == PromisedQ -> diskPromise[who] = 2
  :: record == AcceptedP ->
    diskVote[who] = 1; diskValue[who] = V;
    if :: diskPromise[who] == 1 -> diskPromise[who] = 0 :: else fi
  :: record == AcceptedQV -> diskVote[who] = 2; diskValue[who] = V; diskPromise[who] = 0
  :: record == AcceptedQW -> diskVote[who] = 2; diskValue[who] = W; diskPromise[who] = 0
  fi
}

inline countRecords(who) {
  records = 0;
  k = len(queue[who]);
  do
  :: k > 0 ->
    queue[who]?x;
    queue[who]!x;
    if :: x < PromiseP -> records++ :: else fi;
    k--
  :: else -> break
  od
}

/* The first records become stable, and what was held behind them leaves. */
inline store(who) {
  n = 0;
  do
  :: len(queue[who]) == 0 -> break
  :: else ->
    queue[who]?<x>;
    if
    :: x < PromiseP && n == wanted -> break
    :: x < PromiseP && n < wanted -> queue[who]?_; settle(who, x); n++
    :: else -> queue[who]?_; leave(who, x)
    fi
  od
}

/* A proposer learns what is chosen. */
inline decideP() { pState = Decided; pValue = learnt; pPromised = 0 }
inline decideQ() { qState = Decided; qValue = learnt; qPromised = 0; qTold = 0 }

/* How many acceptors the learner has heard of this ballot. */
inline alike(ballot) {
  n = 0;
  k = 0;
  do
  :: k < N -> if :: heardBallot[k] == ballot -> n++ :: else fi; k++
  :: else -> break
  od
}

inline hear(who, ballot, what) {
  if
  :: heardBallot[who] < ballot ->
    heardBallot[who] = ballot; heardValue[who] = what;
    alike(ballot);
    if
    :: n >= SECOND && learnt == 0 -> learnt = what; chosenP++; chosenQ++
    :: n >= SECOND && learnt != 0 ->
      assert(learnt == what);                                           /* agreement */
      if
      :: n == SECOND && ballot == 1 -> chosenP++
      :: n == SECOND && ballot == 2 -> chosenQ++
      :: else
      fi
    :: else
    fi
  :: else
  fi
}

inline promiseHeard(set) {
  n = 0;
  k = 0;
  do
  :: k < N -> if :: set & (1 << k) -> n++ :: else fi; k++
  :: else -> break
  od
}

#define me _pid

active [N] proctype Acceptor() {
end:
  do
  /* Its disk. */
  :: atomic { len(queue[me]) > 0 ->
      d_step { countRecords(me) }
      if
      :: wanted = 1
      :: records > 1 -> wanted = 2
      :: records > 2 -> wanted = 3
      :: records > 3 -> wanted = 4
      fi;
      d_step { store(me); records = 0; wanted = 0 } }
  /* What it receives. */
  :: d_step { prepareP & (1 << me) ->
      prepareP = prepareP & ~(1 << me);
      if
      :: promised[me] == 2 -> send(me, RejectP)
      :: promised[me] < 2 && vote[me] != 1 ->
        promised[me] = 1; queue[me]!PromisedP; queue[me]!PromiseP
      :: else
      fi }
  :: d_step { prepareQ & (1 << me) ->
      prepareQ = prepareQ & ~(1 << me);
      if
      :: vote[me] != 2 ->
        promised[me] = 2; queue[me]!PromisedQ;
        if
        :: vote[me] == 1 -> queue[me]!PromiseQV
        :: else -> queue[me]!PromiseQ
        fi
      :: else
      fi }
  :: d_step { acceptP & (1 << me) ->
      acceptP = acceptP & ~(1 << me);
      if
      :: promised[me] == 2 -> send(me, RejectP)
      :: else ->
        promised[me] = 1; vote[me] = 1; value[me] = V;
        queue[me]!AcceptedP; queue[me]!TellP
      fi }
  :: d_step { acceptQV & (1 << me) ->
      acceptQV = acceptQV & ~(1 << me);
      promised[me] = 2; vote[me] = 2; value[me] = V;
      queue[me]!AcceptedQV; queue[me]!TellQV }
  :: d_step { acceptQW & (1 << me) ->
      acceptQW = acceptQW & ~(1 << me);
      promised[me] = 2; vote[me] = 2; value[me] = W;
      queue[me]!AcceptedQW; queue[me]!TellQW }
  /* What the proposers receive from it. */
  :: d_step { promiseP & (1 << me) ->
      promiseP = promiseP & ~(1 << me);
      if
      :: pState == Preparing ->
        pPromised = pPromised | (1 << me);
        promiseHeard(pPromised);
        if
        :: n >= FIRST ->
          pState = Proposing; pValue = V; pPromised = 0; acceptP = (1 << N) - 1
        :: else
        fi
      :: else
      fi }
  :: d_step { (promiseQ | promiseQV) & (1 << me) ->
      x = (promiseQV >> me) & 1;
      promiseQ = promiseQ & ~(1 << me);
      promiseQV = promiseQV & ~(1 << me);
      if
      :: qState == Preparing ->
        qPromised = qPromised | (1 << me);
        if :: x -> qTold = qTold | (1 << me) :: else fi;
        promiseHeard(qPromised);
        if
        :: n >= FIRST ->
          qState = Proposing; qPromised = 0;
          if
          :: qTold -> qValue = V; acceptQV = (1 << N) - 1
          :: else -> qValue = W; acceptQW = (1 << N) - 1
          fi;
          qTold = 0
        :: else
        fi
      :: else
      fi }
  :: d_step { rejects[me] > 0 ->
      rejects[me]--;
      if
      :: pState == Preparing || pState == Proposing ->
        pState = Preempted; pPromised = 0; pValue = 0
      :: else
      fi }
  /* What the learner receives from it. */
  :: d_step { tellP & (1 << me) -> tellP = tellP & ~(1 << me); hear(me, 1, V) }
  :: d_step { tellQV & (1 << me) -> tellQV = tellQV & ~(1 << me); hear(me, 2, V) }
  :: d_step { tellQW & (1 << me) -> tellQW = tellQW & ~(1 << me); hear(me, 2, W) }
  od
}

active proctype Proposers() {
end:
  do
  :: d_step { nextAsk == 0 ->
      nextAsk = 1;
      if
      :: pState == Idle -> pState = Preparing; pBegun = 1
      :: else
      fi }
  :: d_step { nextAsk == 1 ->
      nextAsk = 2;
      if
      :: qState == Idle -> qState = Preparing; qBegun = 1
      :: else
      fi }
  :: d_step { pBegun && !pStored -> pStored = 1; prepareP = (1 << N) - 1 }
  :: d_step { qBegun && !qStored -> qStored = 1; prepareQ = (1 << N) - 1 }
  :: d_step { chosenP > 0 -> chosenP--; if :: pState != Decided -> decideP() :: else fi }
  :: d_step { chosenQ > 0 -> chosenQ--; if :: qState != Decided -> decideQ() :: else fi }
  od
}
