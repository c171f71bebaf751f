/*
 * Two-phase commit, presumed nothing, as the chapter TwoPhaseCommit has it: N participants that all
 * can commit, CRASHES crashes in all, messages neither lost nor doubled, arriving in any order, and
 * no timer that runs out. A state here is a state there, one for one:
 *
 * - A node has its machine, its disk, and a queue of records that are not stable yet and of what is
 *   held behind them; a crash may lose any suffix of the records, and may come in the middle of an
 *   act, so that the last messages which the act sent never left.
 * - Messages under way are a multiset: a bit or two for each message and link.
 * - What is observed (who decided what, how far participants came, what the client was told) is a
 *   part of the state, and AC1 to AC4 are asserted where somebody decides.
 *
 * Participants are the nodes 0 to N - 1, from 1 to 5; node N is the coordinator. Each option below is one act.
 */
#ifndef N
#define N 4
#endif
#ifndef CRASHES
#define CRASHES 1
#endif
#define ALL ((1 << N) - 1)
/* Bits 0, N, 2N, …: whatever any participant may have sent to participant 0. */
#if N == 1
#define PEERS 1
#elif N == 2
#define PEERS 5
#elif N == 3
#define PEERS 73
#elif N == 4
#define PEERS 4369
#else
#define PEERS 1082401
#endif

/* Machines. */
#define Idle 0
#define Working 1      /* a participant */
#define Prepared 2
#define Committed 3
#define Aborted 4
#define Collecting 1   /* the coordinator */
#define TellingCommit 2
#define TellingAbort 3

/* Outcomes, and what a disk holds beside the start or the yes. */
#define None 0
#define Commit 1
#define Abort 2

/* Records and held things in a queue; a held message is its code plus Held. */
#define First 1        /* start, or yes */
#define RecordCommit 2
#define RecordAbort 3
#define End 4
#define Reply 5
#define Held 6

/* Messages of the coordinator, by code: prepare, commit, abort to each participant. */
#define cPrepare 0
#define cCommit N
#define cAbort (2 * N)
/* Messages of a participant. */
#define pYes 0
#define pNo 1
#define pAck 2
#define pInquire 3     /* to the coordinator, then to each participant */
#define pUncertain (4 + N)
#define pCommit (4 + 2 * N)
#define pAbort (4 + 3 * N)

#define QUEUE (N + 4)
chan queue[N + 1] = [QUEUE] of { byte };
byte machine[N + 1];
byte disk[N + 1];      /* 0: empty; 1: start or yes; then with commit 2, with abort 3 */
bool down[N + 1];
bool asked[N + 1];     /* since it last started */
byte missing;          /* who has not voted, or not acknowledged */
byte nextAsk;
byte crashes = CRASHES;

/* Under way: to participants, */
byte prepare;
int commits, aborts;   /* two bits each */
/* to the coordinator, */
byte yes, no, inquiries;
int acks;              /* two bits each */
/* and between participants: bit from * N + to. */
int asking, uncertain, helpCommit, helpAbort;

/* The observer. */
byte decision[N + 1];
byte readiness[N];     /* 0: unasked; 1: working; 2: prepared */
byte told;
bool excused;

/* What the act that goes on has sent, five bits a message, the last one lowest; zero between acts. */
int sent;

/* Used within one step only. */
hidden byte x, k, stored, wanted, todo;

inline decided(who, outcome) {
  assert(decision[who] == None || decision[who] == outcome);            /* AC2 */
  k = 0;
  do
  :: k <= N -> assert(decision[k] == None || decision[k] == outcome); k++ /* AC1 */
  :: else -> break
  od;
  assert(told == None || told == outcome);
  if
  :: outcome == Commit ->
    k = 0;
    do :: k < N -> assert(readiness[k] == 2); k++ :: else -> break od     /* AC3 */
  :: else -> assert(excused)                                              /* AC4 */
  fi;
  decision[who] = outcome
}

/* After each act of a participant that is up. */
inline look(who) {
  if
  :: machine[who] == Prepared -> readiness[who] = 2
  :: machine[who] == Idle && decision[who] == None && readiness[who] > 0 -> decided(who, Abort)
  :: else
  fi
}

inline leave(who, code) {
  sent = sent * 32 + code + 1;
  if
  :: who == N ->
    if
    :: code < cCommit -> prepare = prepare | (1 << code)
    :: code >= cCommit && code < cAbort -> commits = commits + (1 << (2 * (code - cCommit)))
    :: else -> aborts = aborts + (1 << (2 * (code - cAbort)))
    fi
  :: else ->
    if
    :: code == pYes -> yes = yes | (1 << who)
    :: code == pNo -> no = no | (1 << who)
    :: code == pAck -> acks = acks + (1 << (2 * who))
    :: code == pInquire -> inquiries = inquiries | (1 << who)
    :: code > pInquire && code < pUncertain ->
      asking = asking | (1 << (who * N + code - pInquire - 1))
    :: code >= pUncertain && code < pCommit ->
      uncertain = uncertain | (1 << (who * N + code - pUncertain))
    :: code >= pCommit && code < pAbort ->
      helpCommit = helpCommit | (1 << (who * N + code - pCommit))
    :: else -> helpAbort = helpAbort | (1 << (who * N + code - pAbort))
    fi
  fi
}

inline unsend(who) {
  x = (sent & 31) - 1;
  sent = sent >> 5;
  if
  :: who == N ->
    if
    :: x < cCommit -> prepare = prepare & ~(1 << x)
    :: x >= cCommit && x < cAbort -> commits = commits - (1 << (2 * (x - cCommit)))
    :: else -> aborts = aborts - (1 << (2 * (x - cAbort)))
    fi
  :: else ->
    if
    :: x == pYes -> yes = yes & ~(1 << who)
    :: x == pNo -> no = no & ~(1 << who)
    :: x == pAck -> acks = acks - (1 << (2 * who))
    :: x == pInquire -> inquiries = inquiries & ~(1 << who)
    :: x > pInquire && x < pUncertain ->
      asking = asking & ~(1 << (who * N + x - pInquire - 1))
    :: x >= pUncertain && x < pCommit ->
      uncertain = uncertain & ~(1 << (who * N + x - pUncertain))
    :: x >= pCommit && x < pAbort ->
      helpCommit = helpCommit & ~(1 << (who * N + x - pCommit))
    :: else -> helpAbort = helpAbort & ~(1 << (who * N + x - pAbort))
    fi
  fi
}

/* Leaves now, or is held until all that was persisted is stable. */
inline send(who, code) {
  if
  :: len(queue[who]) == 0 -> leave(who, code)
  :: else -> queue[who]!(Held + code)
  fi
}

inline settle(who, record) {
  if
  :: record == End -> disk[who] = 0
  :: else -> disk[who] = record
  fi
}

/* The first records become stable, what was held behind them leaves, and the machine hears of it. */
inline store(who, count) {
  stored = 0;
  todo = None;
  wanted = count;
  do
  :: len(queue[who]) == 0 -> break
  :: else ->
    queue[who]?<x>;
    if
    :: x < Reply && stored == wanted -> break
    :: x < Reply && stored < wanted ->
      queue[who]?_;
      settle(who, x);
      stored++;
      if
      :: x == RecordCommit -> todo = Commit
      :: x == RecordAbort -> todo = Abort
      :: else
      fi
    :: x == Reply ->
      queue[who]?_;
      told = (disk[who] == RecordCommit -> Commit : Abort);
      k = 0;
      do
      :: k <= N -> assert(decision[k] == None || decision[k] == told); k++
      :: else -> break
      od
    :: x >= Held -> queue[who]?_; x = x - Held; leave(who, x)
    fi
  od;
  if :: todo != None -> decided(who, todo) :: else fi
}

inline countRecords(who) {
  stored = 0;
  k = len(queue[who]);
  do
  :: k > 0 ->
    queue[who]?x;
    queue[who]!x;
    if :: x < Reply -> stored++ :: else fi;
    k--
  :: else -> break
  od
}

inline crash(who, kept) {
  todo = kept;
  do
  :: len(queue[who]) > 0 ->
    queue[who]?x;
    if
    :: x < Reply && todo > 0 -> settle(who, x); todo--
    :: else
    fi
  :: else -> break
  od;
  down[who] = true;
  machine[who] = Idle;
  asked[who] = false;
  crashes--;
  excused = true;
  if :: who == N -> missing = 0 :: else fi
}

/* So many of the unstable records are not lost: any number of them. */
inline choose() {
  assert(records <= 3);
  if
  :: kept = records
  :: records > 0 -> kept = records - 1
  :: records > 1 -> kept = records - 2
  :: records > 2 -> kept = 0
  fi
}

/* The end of an act: it was done whole, or the node crashed in the middle of it. */
inline whole(who) {
  if
  :: sent = 0
  :: crashes > 0 && sent != 0 ->
    if
    :: j = 1
    :: sent >> 5 -> j = 2
    :: sent >> 10 -> j = 3
    :: sent >> 15 -> j = 4
    :: sent >> 20 -> j = 5
    :: sent >> 25 -> j = 6
    fi;
    d_step {
      do :: j > 0 -> unsend(who); j-- :: else -> break od;
      sent = 0;
      countRecords(who);
      records = stored
    }
    choose();
    d_step { crash(who, kept); records = 0; kept = 0 }
  fi
}

inline tell(outcome, to) {
  j = 0;
  do
  :: j < N && ((to) & (1 << j)) ->
    if
    :: outcome == Commit -> send(N, cCommit + j)
    :: else -> send(N, cAbort + j)
    fi;
    j++
  :: j < N && !((to) & (1 << j)) -> j++
  :: else -> break
  od;
  j = 0;
  missing = (to);
  if
  :: (to) == 0 -> machine[N] = Idle; queue[N]!End
  :: else -> machine[N] = (outcome == Commit -> TellingCommit : TellingAbort)
  fi
}

inline decide(outcome, to) {
  queue[N]!(outcome == Commit -> RecordCommit : RecordAbort);
  queue[N]!Reply;
  tell(outcome, to)
}

/* A participant learns the outcome while it is uncertain. */
inline learn(who, outcome) {
  machine[who] = (outcome == Commit -> Committed : Aborted);
  queue[who]!(outcome == Commit -> RecordCommit : RecordAbort);
  send(who, pAck)
}

inline abortAlone(who) {
  machine[who] = Aborted;
  decided(who, Abort)
}

inline inquire(who) {
  send(who, pInquire);
  j = 0;
  do
  :: j < N && j != who -> send(who, pInquire + 1 + j); j++
  :: j == who -> j++
  :: else -> break
  od;
  j = 0
}

/* Asks come in order; what would be asked of a node that is down waits or is left out. */
#define MAYASK(me) (!down[me] && (nextAsk == me || (nextAsk + 1 == me && down[nextAsk])))

/* Any of the participants whose message to this one is under way. */
inline pick(from, who) {
  if
  :: (from >> who) & 1 -> j = 0
  :: (from >> (N + who)) & 1 -> j = 1
  :: (from >> (2 * N + who)) & 1 -> j = 2
  :: (from >> (3 * N + who)) & 1 -> j = 3
  :: (from >> (4 * N + who)) & 1 -> j = 4
  fi
}

/* Crashes, disks and restarts, alike for all. */
#define FATE(me) \
  :: atomic { !down[me] && len(queue[me]) > 0 -> \
      d_step { countRecords(me); records = stored - 1 } \
      choose(); \
      d_step { \
        k = kept + 1; \
        records = 0; \
        kept = 0; \
        store(me, k); \
        if :: me < N -> look(me) :: else fi \
      } \
      whole(me) } \
  :: atomic { !down[me] && crashes > 0 -> \
      d_step { countRecords(me); records = stored } \
      choose(); \
      d_step { crash(me, kept); records = 0; kept = 0 } }

#define me _pid

active [N] proctype Participant() {
  byte records, kept, j;
end:
  do
  FATE(me)
  :: atomic { down[me] ->
      d_step {
        down[me] = false;
        if
        :: disk[me] == RecordCommit -> machine[me] = Committed; decided(me, Commit)
        :: disk[me] == RecordAbort -> machine[me] = Aborted; decided(me, Abort)
        :: disk[me] == First -> machine[me] = Prepared; inquire(me)
        :: else
        fi;
        look(me)
      }
      whole(me) }
  :: atomic { MAYASK(me) ->
      d_step {
        assert(machine[me] == Idle && !asked[me]);
        nextAsk = me + 1; asked[me] = true; readiness[me] = 1; machine[me] = Working
      } }
  :: atomic { prepare & (1 << me) ->
      d_step {
        prepare = prepare & ~(1 << me);
        if
        :: !down[me] ->
          if
          :: machine[me] == Working ->
            machine[me] = Prepared; queue[me]!First; queue[me]!(Held + pYes)
          :: machine[me] == Idle || machine[me] == Aborted -> send(me, pNo)
          :: else
          fi;
          look(me)
        :: else
        fi
      }
      whole(me) }
  :: atomic { (commits >> (2 * me)) & 3 ->
      d_step {
        commits = commits - (1 << (2 * me));
        if
        :: !down[me] ->
          if
          :: machine[me] == Prepared -> learn(me, Commit)
          :: machine[me] == Idle || machine[me] >= Committed -> send(me, pAck)
          :: else
          fi;
          look(me)
        :: else
        fi
      }
      whole(me) }
  :: atomic { (aborts >> (2 * me)) & 3 ->
      d_step {
        aborts = aborts - (1 << (2 * me));
        if
        :: !down[me] ->
          if
          :: machine[me] == Prepared -> learn(me, Abort)
          :: machine[me] == Working -> abortAlone(me); send(me, pAck)
          :: machine[me] == Idle || machine[me] >= Committed -> send(me, pAck)
          :: else
          fi;
          look(me)
        :: else
        fi
      }
      whole(me) }
  :: atomic { asking & (PEERS << me) ->
      pick(asking, me);
      d_step {
        asking = asking & ~(1 << (j * N + me));
        if
        :: !down[me] ->
          if
          :: machine[me] == Idle || machine[me] == Prepared -> send(me, pUncertain + j)
          :: machine[me] == Working -> abortAlone(me); send(me, pAbort + j)
          :: machine[me] == Committed -> send(me, pCommit + j)
          :: machine[me] == Aborted -> send(me, pAbort + j)
          fi;
          look(me)
        :: else
        fi;
        j = 0
      }
      whole(me) }
  :: atomic { uncertain & (PEERS << me) ->
      pick(uncertain, me);
      d_step {
        uncertain = uncertain & ~(1 << (j * N + me));
        j = 0;
        if :: !down[me] -> look(me) :: else fi
      } }
  :: atomic { helpCommit & (PEERS << me) ->
      pick(helpCommit, me);
      d_step {
        helpCommit = helpCommit & ~(1 << (j * N + me));
        j = 0;
        if
        :: !down[me] ->
          if :: machine[me] == Prepared -> learn(me, Commit) :: else fi;
          look(me)
        :: else
        fi
      }
      whole(me) }
  :: atomic { helpAbort & (PEERS << me) ->
      pick(helpAbort, me);
      d_step {
        helpAbort = helpAbort & ~(1 << (j * N + me));
        j = 0;
        if
        :: !down[me] ->
          if
          :: machine[me] == Prepared -> learn(me, Abort)
          :: machine[me] == Working -> abortAlone(me); send(me, pAck)
          :: else
          fi;
          look(me)
        :: else
        fi
      }
      whole(me) }

  /* What the coordinator receives from this participant. */
  :: atomic { yes & (1 << me) ->
      d_step {
        yes = yes & ~(1 << me);
        if
        :: !down[N] && machine[N] == Collecting && (missing & (1 << me)) ->
          missing = missing & ~(1 << me);
          if :: missing == 0 -> decide(Commit, ALL) :: else fi
        :: else
        fi
      }
      whole(N) }
  :: atomic { no & (1 << me) ->
      d_step {
        no = no & ~(1 << me);
        if
        :: !down[N] && machine[N] == Collecting && (missing & (1 << me)) ->
          decide(Abort, ALL & ~(1 << me))
        :: else
        fi
      }
      whole(N) }
  :: atomic { (acks >> (2 * me)) & 3 ->
      d_step {
        acks = acks - (1 << (2 * me));
        if
        :: !down[N] && machine[N] >= TellingCommit && (missing & (1 << me)) ->
          missing = missing & ~(1 << me);
          if :: missing == 0 -> machine[N] = Idle; queue[N]!End :: else fi
        :: else
        fi
      } }
  :: atomic { inquiries & (1 << me) ->
      d_step {
        inquiries = inquiries & ~(1 << me);
        if
        :: !down[N] && machine[N] == TellingCommit -> send(N, cCommit + me)
        :: !down[N] && (machine[N] == TellingAbort || machine[N] == Idle) -> send(N, cAbort + me)
        :: else
        fi
      }
      whole(N) }
  od
}

active proctype Coordinator() {
  byte records, kept, j;
end:
  do
  FATE(N)
  :: atomic { down[N] ->
      d_step {
        down[N] = false;
        if
        :: disk[N] == RecordCommit -> decided(N, Commit); tell(Commit, ALL)
        :: disk[N] == RecordAbort -> decided(N, Abort); tell(Abort, ALL)
        :: disk[N] == First -> queue[N]!RecordAbort; tell(Abort, ALL)
        :: else
        fi
      }
      whole(N) }
  :: atomic { MAYASK(N) ->
      d_step {
        assert(machine[N] == Idle && !asked[N]);
        nextAsk = N + 1;
        asked[N] = true;
        j = 0;
        do
        :: j < N -> if :: readiness[j] == 0 -> excused = true :: else fi; j++
        :: else -> break
        od;
        machine[N] = Collecting;
        missing = ALL;
        queue[N]!First;
        j = 0;
        do :: j < N -> leave(N, cPrepare + j); j++ :: else -> break od;
        j = 0
      }
      whole(N) }
  od
}
