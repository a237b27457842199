/* SPDX-License-Identifier: Apache-2.0 */
/* Resumed sessions of host and chip (docs/MSCP.md, "Resumption"), against an attacker who owns the line and has not the binding
 * key, and power cuts of either end at any moment. Checked by Spin in every state; see model_test.c.
 *
 * Cryptography is symbolic. What a session's keys come of is its name: the host's nonce h, the chip's nonce c, the boot counter b.
 * Requests are in the clear, so the attacker makes them himself, with a nonce of his own (STRANGE) or one that he has seen, and
 * with any boot counter. A proof, a record and an answer he can only hand on: any of them, once, often or never, in any order,
 * to either end, also back to the end that sent it.
 *
 * The host's nonces are new, whatever happens: its random numbers have to be good. The chip's are new since its start only: the model
 * lets them begin again at each, as those of a chip would whose entropy source comes up alike after a power cut. That is what the boot
 * counter in the keys is for.
 *
 * MUTANT plants a mistake that the search must find:
 *   1 the boot counter is no part of the keys
 *   2 the chip takes the boot counter that the request names for its own
 *   3 the chip gives the same nonce again
 *   4 the host uses a nonce again
 *   5 the host does not compare the proof
 *   6 both directions have one key
 *   7 a session that was only asked for takes the place of the open one
 *   8 the chip takes a record whose counter it has passed
 *   9 the host takes any answer of its session for the one that it waits for
 *  10 none: the claim that nothing is ever done in a resumed session, after a power cut of the chip, which must be found false
 */
#ifndef MUTANT
#define MUTANT 0
#endif

#define STRANGE 0
#define ASKS 2   /* nonces of the host, from 1 */
#define NONCES 2 /* of the chip in one boot, from 1 */
#define BOOTS 3  /* from 1 */
#define RECORDS 2

#define SESSION(h, c, b) (((h) * NONCES + (c) - 1) * BOOTS + (b) - 1)
#define SESSIONS ((ASKS + 1) * NONCES * BOOTS)
#define REC(s, n) ((s) * RECORDS + (n))

#if MUTANT == 1
#define IN_KEY(b) 1
#else
#define IN_KEY(b) (b)
#endif

/* ---- what the attacker holds ---- */
bool seen_nonce[ASKS + 1];
bool proof_sent[SESSIONS];
bool command_sent[SESSIONS * RECORDS];
bool answer_sent[SESSIONS * RECORDS];

/* ---- the chip ---- */
byte boot = 1; /* flash */
byte next_c = 1;
bool sess, cand;             /* there is one */
byte sess_s, sess_n, cand_s; /* its name; the counter that comes next */

/* ---- the host ---- */
byte next_h = 1;
byte asked_h, asked_b; /* a handshake that waits for its answer: nonce 0, none */
bool open;
byte open_s, open_n;
bool waits; /* for the answer of command open_n */

/* ---- what must hold ---- */
byte carried_out[SESSIONS * RECORDS];
bool used[SESSIONS]; /* the host began a session of that name */

/* The chip answers a request; b is the boot counter that it names. */
inline chip_request(h, b) {
    if
#if MUTANT == 2
    :: next_c <= NONCES ->
        s = SESSION(h, next_c, b);
#else
    :: next_c <= NONCES && b == boot ->
        s = SESSION(h, next_c, IN_KEY(boot));
#endif
        proof_sent[s] = true;
#if MUTANT == 7
        assert(!sess || sess_s == s); /* a request alone costs nobody a session */
        sess = true; sess_s = s; sess_n = 0;
#else
        cand = true; cand_s = s;
#endif
#if MUTANT != 3
        next_c++
#endif
    :: else
    fi
}

/* A record of session s with counter n comes to the chip. */
inline chip_record(s, n) {
    if
    :: cand && cand_s == s && n == 0 -> sess = true; sess_s = s; sess_n = 0; cand = false; cand_s = 0
    :: cand && cand_s == s && n != 0 -> cand = false; cand_s = 0
    :: else
    fi;
    if
    :: sess && sess_s == s ->
        if
#if MUTANT == 8
        :: n <= sess_n ->
#else
        :: n == sess_n ->
#endif
            assert(command_sent[REC(s, n)]); /* what it does the host has asked for */
            carried_out[REC(s, n)]++;
            assert(carried_out[REC(s, n)] == 1); /* and only once */
            answer_sent[REC(s, n)] = true;
            sess_n = n + 1;
            if
            :: sess_n == RECORDS -> sess = false; sess_s = 0; sess_n = 0
            :: else
            fi
        :: else -> sess = false; sess_s = 0; sess_n = 0
        fi
    :: else
    fi
}

/* An answer with counter n under the keys of the host's session comes to it. */
inline host_answer(n) {
    if
#if MUTANT == 9
    :: waits ->
#else
    :: waits && n == open_n ->
#endif
        assert(carried_out[REC(open_s, open_n)] == 1); /* what it believes done is done */
#if MUTANT == 10
        assert(boot == 1);
#endif
        waits = false; open_n++
    :: else
    fi
}

active proctype everything() {
    byte s, h, n, c;
end:
    do
    /* ---- the host ---- */
    :: atomic { next_h <= ASKS && !waits ->
        /* what it takes for the boot counter it has heard in the clear: the attacker says what he likes */
        open = false; open_s = 0; open_n = 0;
        asked_h = next_h;
        select(asked_b : 1 .. BOOTS);
        seen_nonce[asked_h] = true;
#if MUTANT == 4
        if
        :: true
        :: next_h++
        fi
#else
        next_h++
#endif
        }
    :: atomic { asked_h != 0 ->
        select(c : 1 .. NONCES);
        s = SESSION(asked_h, c, IN_KEY(asked_b));
        if
#if MUTANT == 5
        :: true ->
#else
        :: proof_sent[s] ->
#endif
            assert(proof_sent[s]); /* the chip has made that session too */
            assert(!used[s]);      /* no key serves two sessions of the host: its counters begin at 0 */
            used[s] = true;
            open = true; open_s = s; open_n = 0; asked_h = 0; asked_b = 0
#if MUTANT != 5
        :: else
#endif
        fi;
        s = 0; c = 0 }
    :: atomic { open && !waits && open_n < RECORDS -> waits = true; command_sent[REC(open_s, open_n)] = true }
    :: atomic { waits -> waits = false; open = false; open_s = 0; open_n = 0 } /* its patience ends */

    /* ---- the line, which is the attacker's ---- */
    :: atomic { next_c <= NONCES ->
        select(h : 0 .. ASKS);
        select(c : 1 .. BOOTS);
        if
        :: h == STRANGE || seen_nonce[h] -> chip_request(h, c)
        :: else
        fi;
        h = 0; c = 0; s = 0 }
    /* A record of neither the open session nor the candidate changes nothing: those two are enough. */
    :: atomic { sess || cand ->
        if
        :: sess -> s = sess_s
        :: cand -> s = cand_s
        fi;
        select(n : 0 .. RECORDS - 1);
        if
        :: command_sent[REC(s, n)] -> chip_record(s, n)
#if MUTANT == 6
        :: answer_sent[REC(s, n)] -> chip_record(s, n) /* back to the chip */
#endif
        :: else
        fi;
        s = 0; n = 0 }
    :: atomic { waits ->
        select(n : 0 .. RECORDS - 1);
        if
        :: answer_sent[REC(open_s, n)] -> host_answer(n)
#if MUTANT == 6
        :: command_sent[REC(open_s, n)] -> host_answer(n) /* back to the host */
#endif
        :: else
        fi;
        n = 0 }

    /* ---- power ---- */
    :: atomic { boot < BOOTS -> boot++; next_c = 1; sess = false; sess_s = 0; sess_n = 0; cand = false; cand_s = 0 }
    :: atomic { asked_h != 0 || open -> asked_h = 0; asked_b = 0; open = false; open_s = 0; open_n = 0; waits = false }
    od
}
