/* SPDX-License-Identifier: Apache-2.0 */
/* The priority inheritance of mutex.c, for Spin: every order in which THREADS threads can lock, unlock, time out, end,
 * begin and be given other priorities, on MUTEXES mutexes.
 *
 * The kernel changes its state with interrupts masked, so that one step here is one call there; which thread comes next is
 * left open, which covers every scheduler, and suspension: a suspended thread is one that is not chosen while it would be ready,
 * and what others, time and ends do to it is here whether it would run or not. After each step `check` recomputes what mico_kernel_check (check.c) does, by the
 * same definition: a thread's priority is the highest of the one it was given and those of all that wait, directly or
 * through others, for a mutex it holds; waiters stand by priority; nobody waits for himself.
 *
 *   spin -DTHREADS=3 -DMUTEXES=2 -DPRIORITIES=3 -a inheritance.pml && gcc -O2 -DSAFETY -DBFS -o pan pan.c && ./pan
 *
 * MUTANT builds in a mistake, which must be found: 1 a chain ends at the first owner, 2 a timeout takes back nothing, 3 an
 * unlock takes back nothing while another mutex is held, 4 an end takes back nothing, 5 waiters keep their place when their
 * priority changes, 6 a lock that would deadlock is not refused. */
#ifndef MUTANT
#define MUTANT 0
#endif
#define NOBODY THREADS
#define DEPTH 2 /* locks of one mutex by its owner */

mtype = { ENDED, READY, LOCKING };

mtype state[THREADS] = ENDED;
byte given[THREADS]; /* priority; 0 is the highest */
byte level[THREADS]; /* priority it has now */
byte waits_for[THREADS]; /* a mutex, when LOCKING */
byte owner[MUTEXES] = NOBODY;
byte depth[MUTEXES];
byte count[MUTEXES]; /* of waiters */
byte waiters[MUTEXES * THREADS];

#define WAITER(m, i) waiters[(m) * THREADS + (i)]

/* Scratch of one step, no part of the state. */
hidden byte i, j, k, owed, at, mutex, heir;
hidden byte changed;
hidden byte definition[THREADS];

inline own(m, t)
{
    owner[m] = t;
    depth[m] = 1
}

inline stand_in(t, m)
{
    i = count[m];
    do
    :: i > 0 && level[WAITER(m, i - 1)] > level[t] ->
        WAITER(m, i) = WAITER(m, i - 1);
        i--
    :: else -> break
    od;
    WAITER(m, i) = t;
    count[m]++
}

inline step_out(t, m)
{
    i = 0;
    do
    :: WAITER(m, i) != t -> i++
    :: else -> break
    od;
    count[m]--;
    do
    :: i < count[m] ->
        WAITER(m, i) = WAITER(m, i + 1);
        i++
    :: else -> break
    od;
    WAITER(m, i) = 0
}

/* owed_priority: the first waiter of each held mutex is enough. */
inline compute_owed(t)
{
    owed = given[t];
    j = 0;
    do
    :: j < MUTEXES ->
        if
        :: owner[j] == t && count[j] > 0 && level[WAITER(j, 0)] < owed -> owed = level[WAITER(j, 0)]
        :: else
        fi;
        j++
    :: else -> break
    od
}

/* mico_inherit: repair owner by owner along the chain, until one was right already or waits for no mutex. */
inline inherit(t)
{
    at = t;
    do
    :: compute_owed(at);
        if
        :: owed == level[at] -> break
        :: else
        fi;
        if
        :: state[at] == LOCKING && MUTANT != 5 ->
            mutex = waits_for[at];
            step_out(at, mutex);
            level[at] = owed;
            stand_in(at, mutex)
        :: else -> level[at] = owed
        fi;
        if
        :: state[at] == LOCKING && MUTANT != 1 -> at = owner[waits_for[at]]
        :: else -> break
        fi
    od
}

/* pass_on: to the first waiter, whose priority needs no repair, because all others stood behind it. */
inline pass_on(m)
{
    if
    :: count[m] == 0 ->
        owner[m] = NOBODY;
        depth[m] = 0
    :: else ->
        heir = WAITER(m, 0);
        step_out(heir, m);
        state[heir] = READY;
        waits_for[heir] = 0;
        own(m, heir)
    fi
}

inline lock(t, m)
{
    if
    :: owner[m] == NOBODY -> own(m, t)
    :: owner[m] == t -> depth[m]++
    :: else ->
        at = owner[m]; /* would_wait_for_itself */
        do
        :: state[at] == LOCKING -> at = owner[waits_for[at]]
        :: else -> break
        od;
        if
        :: at == t && MUTANT != 6 /* refused: nothing changes */
        :: else ->
            state[t] = LOCKING;
            waits_for[t] = m;
            stand_in(t, m);
            inherit(owner[m])
        fi
    fi
}

inline unlock(t, m)
{
    depth[m]--;
    if
    :: depth[m] == 0 ->
        pass_on(m);
        j = 0;
        do
        :: j < MUTEXES && owner[j] != t -> j++
        :: else -> break
        od;
        if
        :: MUTANT == 3 && j < MUTEXES
        :: else -> inherit(t)
        fi
    :: else
    fi
}

/* alarm_rings */
inline time_out(t)
{
    mutex = waits_for[t];
    step_out(t, mutex);
    state[t] = READY;
    waits_for[t] = 0;
    if
    :: MUTANT != 2 -> inherit(owner[mutex])
    :: else
    fi
}

/* end, in thread.c */
inline end_thread(t)
{
    mutex = waits_for[t];
    if
    :: state[t] == LOCKING ->
        step_out(t, mutex);
        state[t] = ENDED;
        if
        :: MUTANT != 4 -> inherit(owner[mutex])
        :: else
        fi
    :: else -> state[t] = ENDED
    fi;
    waits_for[t] = 0;
    k = 0;
    do
    :: k < MUTEXES ->
        if
        :: owner[k] == t -> pass_on(k)
        :: else
        fi;
        k++
    :: else -> break
    od;
    given[t] = 0; /* of one that has ended nothing is told apart */
    level[t] = 0
}

inline check()
{
    i = 0;
    do
    :: i < THREADS ->
        definition[i] = given[i];
        at = i; /* nobody waits for himself: a chain of owners has no more links than there are threads */
        k = 0;
        do
        :: state[at] == LOCKING ->
            at = owner[waits_for[at]];
            assert(at != NOBODY && state[at] != ENDED);
            k++;
            assert(k < THREADS)
        :: else -> break
        od;
        i++
    :: else -> break
    od;
    do
    :: changed = 0; /* ends: every round but the last lowers a number */
        i = 0;
        do
        :: i < THREADS ->
            if
            :: state[i] == LOCKING && definition[i] < definition[owner[waits_for[i]]] ->
                definition[owner[waits_for[i]]] = definition[i];
                changed = 1
            :: else
            fi;
            i++
        :: else -> break
        od;
        if
        :: changed == 0 -> break
        :: else
        fi
    od;
    i = 0;
    do
    :: i < THREADS ->
        assert(state[i] == ENDED || level[i] == definition[i]);
        i++
    :: else -> break
    od;
    j = 0;
    do
    :: j < MUTEXES ->
        assert((owner[j] == NOBODY) == (depth[j] == 0));
        assert(owner[j] != NOBODY || count[j] == 0);
        i = 1;
        do
        :: i < count[j] ->
            assert(level[WAITER(j, i - 1)] <= level[WAITER(j, i)]);
            i++
        :: else -> break
        od;
        j++
    :: else -> break
    od
}

active proctype kernel()
{
    byte t, m, p;
    do
    :: atomic {
            select(t: 0 .. THREADS - 1);
            select(m: 0 .. MUTEXES - 1);
            select(p: 0 .. PRIORITIES + 3); /* what to do, or with 4 added a priority */
            d_step {
                if
                :: p == 0 && state[t] == READY && (owner[m] != t || depth[m] < DEPTH) -> lock(t, m)
                :: p == 1 && state[t] == READY && owner[m] == t -> unlock(t, m)
                :: p == 2 && state[t] == LOCKING && m == 0 -> time_out(t)
                :: p == 3 && state[t] != ENDED && m == 0 -> end_thread(t)
                :: p >= 4 && state[t] == ENDED && m == 0 -> /* create */
                    state[t] = READY;
                    given[t] = p - 4;
                    level[t] = p - 4
                :: p >= 4 && state[t] != ENDED && m == 0 -> /* mico_thread_set_priority */
                    given[t] = p - 4;
                    inherit(t)
                :: else
                fi;
                check();
                t = 0;
                m = 0;
                p = 0
            }
        }
    od
}
