/* SPDX-License-Identifier: Apache-2.0 */
/* The link of host and chip: pairing, sessions, records, re-pairing (docs/MSCP.md), against an attacker who owns the line and none
 * of the keys, and power cuts of either end at any moment. Checked by Spin in every state; see model_test.c.
 *
 * Cryptography is symbolic. A message that somebody sent stays in the attacker's hands: at any time he hands any of them, once, often
 * or never, in any order, to the end that it is for. What he cannot make is a message under keys that he does not have; a handshake
 * answer or a record fits only the handshake or session that it was made in, which is what its keys say. He may begin pairings of his
 * own (EVIL), but does not have the owner's secret.
 *
 *   pairings   0 none, FIRST made in the factory, SECOND made by the owner later, EVIL the attacker's
 *   handshake  number h of the host's ephemeral key, number c of the chip's: a session is the pair, its keys are theirs alone
 *   record     (h, c, counter); what it says is what the host sent under that counter
 *
 * MUTANT plants a mistake that the search must find:
 *   1 the chip keeps a pairing at the handshake's end, not at the first record under it
 *   2 the chip takes a record whose counter it has passed
 *   3 a handshake takes the place of the open session at once
 *   4 re-pairing puts the new pairing in the old one's place as soon as it is proven
 *   5 re-pairing does not ask for the owner's secret
 *   6 the host takes an answer for its command whatever counter it has
 *   7 the first record keeps the pairing that is staged now, not the one of its own session
 *   8 the host forgets the old pairing before the chip has said that it took the new one, and the chip holds that in RAM
 */
#ifndef MUTANT
#define MUTANT 0
#endif

#define FIRST 1
#define SECOND 2
#define EVIL 3

#define HANDSHAKES 3 /* of the host; numbers from 1 */
#define ANSWERS 3    /* of the chip; numbers from 1 */
#define RECORDS 2    /* of a session */

/* What the host asks for in a record. */
#define CONFIRM 1 /* ListObjects: the first record under a pairing keeps it */
#define PROVE 2   /* with the owner's secret */
#define COMMIT 3
#define WORK 4    /* makes an object: from then on the pairing is final */

#define PAIRINGS 3   /* XX handshakes that the chip begins */

#define XX(p, x) (((p) - 1) * PAIRINGS + (x) - 1)
#define AT(h, c) (((h) - 1) * ANSWERS + (c) - 1)
#define REC(h, c, n) (AT(h, c) * RECORDS + (n))

/* ---- what the attacker holds ---- */
bool x2_sent[2 * PAIRINGS];                /* XX message 2, to the host's FIRST or SECOND */
bool x3_sent[2 * PAIRINGS];                /* XX message 3 */
byte m1_pairing[HANDSHAKES + 1];           /* KK message 1, under which pairing; 0 not sent */
bool m2_sent[HANDSHAKES * ANSWERS];        /* KK message 2 */
byte rec_says[HANDSHAKES * ANSWERS * RECORDS];    /* a record; 0 not sent */
bool reply_sent[HANDSHAKES * ANSWERS * RECORDS];  /* its answer */

/* ---- the chip: flash ---- */
byte pair_kept;   /* the pairing */
byte pair_proven; /* one that the owner proved, not yet committed */
bool has_object;
/* and RAM */
byte begun_x;       /* number of the ephemeral of the XX that has begun; 0 none */
byte begun_by;      /* and whose it is, told by its first message */
byte next_x = 1;
byte staged;
byte next_c = 1;
byte sess_h, sess_c, sess_n, sess_pairing; /* the open session; h 0: none */
byte cand_h, cand_c, cand_pairing;         /* the candidate */

/* ---- the host: flash ---- */
byte bound;   /* the pairing that it uses */
byte pending; /* one that the chip has proven, not yet committed */
/* and RAM */
byte made;    /* the pairing that it is making; 0 none */
byte made_x;  /* the chip's ephemeral of it */
byte h_now;   /* its latest handshake; 0 none */
byte next_h = 1;
byte h_pairing;
byte hs_c;    /* its session: chip's number; 0 none */
byte hs_n;
byte asked;   /* command that waits for its answer; 0 none */

/* ---- what must hold ---- */
byte carried_out[HANDSHAKES * ANSWERS * RECORDS];

#define FINAL (pair_kept != 0 && has_object)

/* The host can always go on: under one of the pairings that it keeps the chip opens a session. */
#define KNOWS(p) ((p) != 0 && ((p) == pair_kept || (p) == pair_proven))
#define NOT_STRANDED ((bound == 0 && pending == 0) || KNOWS(bound) || KNOWS(pending))

inline forget_session() { sess_h = 0; sess_c = 0; sess_n = 0; sess_pairing = 0 }
inline forget_candidate() { cand_h = 0; cand_c = 0; cand_pairing = 0 }
inline drop_staged() {
    if
#if MUTANT != 7
    :: cand_pairing == staged && staged != 0 && cand_pairing != pair_kept && cand_pairing != pair_proven -> forget_candidate()
#endif
    :: else
    fi;
    staged = 0
}

inline check() {
    assert(NOT_STRANDED);
    assert(!has_object || pair_kept != EVIL);
    assert(pair_proven != EVIL)
}

/* Keep `p` as the chip's pairing in flash. */
inline keep(p) { pair_kept = p; staged = 0 }

/* ---- the chip takes a message ---- */

inline chip_x1(by) {
    begun_x = next_x; begun_by = by; next_x++;
    if
    :: by != EVIL -> x2_sent[XX(by, begun_x)] = true
    :: else
    fi
}

inline chip_x3(by, x) {
    /* right only for the XX that has begun, of this host */
    if
    :: begun_x == x && begun_by == by ->
        drop_staged();
        staged = by;
        begun_x = 0;
#if MUTANT == 1
        if
        :: !FINAL -> keep(by)
        :: else
        fi
#endif
    :: else
    fi
}

inline chip_m1(h, p) {
    /* p: the pairing whose keys made the message */
    if
    :: next_c <= ANSWERS && (p == pair_kept || p == pair_proven || p == staged) ->
        byte before_h = sess_h, before_c = sess_c;
        cand_h = h; cand_c = next_c; cand_pairing = p;
        m2_sent[AT(h, next_c)] = true;
        next_c++;
#if MUTANT == 3
        sess_h = cand_h; sess_c = cand_c; sess_n = 0; sess_pairing = cand_pairing; forget_candidate();
#endif
        assert(sess_h == before_h && sess_c == before_c) /* a handshake alone costs nobody a session */
    :: else
    fi
}

/* The candidate has shown that it has the keys. */
inline promote() {
    if
#if MUTANT == 7
    :: !FINAL && staged != 0 -> keep(staged)
#else
    :: !FINAL && cand_pairing == staged && staged != 0 -> keep(cand_pairing)
#endif
    :: else
    fi;
    sess_h = cand_h; sess_c = cand_c; sess_n = 0; sess_pairing = cand_pairing;
    forget_candidate()
}

/* A session of a pairing that is not the chip's may prove and commit, nothing else. */
inline carry_out(h, c, n, says) {
    carried_out[REC(h, c, n)]++;
    assert(carried_out[REC(h, c, n)] == 1);
    if
    :: says == WORK && sess_pairing == pair_kept -> has_object = true
    :: says == PROVE && sess_pairing == staged && staged != pair_kept && staged != 0 && FINAL ->
#if MUTANT == 4
        pair_kept = staged; staged = 0
#else
        pair_proven = staged; staged = 0
#endif
    :: says == COMMIT && sess_pairing == pair_proven && pair_proven != 0 -> pair_kept = pair_proven; pair_proven = 0
    :: else
    fi;
    reply_sent[REC(h, c, n)] = true
}

inline chip_record(h, c, n, says) {
    if
    :: cand_h == h && cand_c == c && n == 0 -> promote()
    :: cand_h == h && cand_c == c && n != 0 -> forget_candidate()
    :: else
    fi;
    if
    :: sess_h == h && sess_c == c && h != 0 ->
        if
#if MUTANT == 2
        :: n <= sess_n -> sess_n = n + 1; carry_out(h, c, n, says)
#else
        :: n == sess_n -> sess_n = n + 1; carry_out(h, c, n, says)
#endif
        :: else -> forget_session()
        fi
    :: else /* no such session: nothing changes */
    fi
}

/* ---- the host ---- */

inline host_forget_session() { hs_c = 0; hs_n = 0; asked = 0 }

inline host_answer(h, c, n) {
    if
#if MUTANT == 6
    :: h == h_now && c == hs_c && asked != 0 ->
#else
    :: h == h_now && c == hs_c && asked != 0 && n == hs_n ->
#endif
        assert(carried_out[REC(h, c, hs_n)] == 1); /* what it believes done is done */
        hs_n++;
        if
        :: asked == CONFIRM && h_pairing == made && made == FIRST -> bound = FIRST; made = 0
        :: asked == PROVE && made == SECOND ->
            pending = SECOND; made = 0;
#if MUTANT == 8
            bound = 0
#endif
        :: asked == COMMIT && h_pairing == pending && pending != 0 -> bound = pending; pending = 0
        :: else
        fi;
        asked = 0
    :: else
    fi
}

active proctype everything() {
    byte i, h, c, n;
    do
    /* ---- the host acts ---- */
    :: atomic { made == 0 && bound == 0 && pending == 0 && !FINAL && next_x < PAIRINGS ->
        /* factory: XX message 1, which the attacker may lose; the chip's answer is delivered below */
        made = FIRST; chip_x1(FIRST); check() }
    :: atomic { made == 0 && bound == FIRST && pending == 0 && FINAL && next_x <= PAIRINGS ->
        made = SECOND; chip_x1(SECOND); check() }
    :: atomic { (made != 0 || bound != 0 || pending != 0) && next_h <= HANDSHAKES ->
        host_forget_session();
        h_now = next_h; next_h++;
        if
        :: made != 0 && made_x != 0 -> h_pairing = made
        :: bound != 0 -> h_pairing = bound
        :: pending != 0 -> h_pairing = pending
        :: else -> h_pairing = 0
        fi;
        m1_pairing[h_now] = h_pairing; check() }
    :: atomic { hs_c != 0 && asked == 0 && hs_n < RECORDS ->
        if
        :: h_pairing == made && made == SECOND -> asked = PROVE
        :: h_pairing == pending && pending != 0 -> asked = COMMIT
        :: h_pairing == made && made == FIRST -> asked = CONFIRM
        :: h_pairing == bound && h_pairing != made -> asked = WORK
        :: else /* what it made was put aside meanwhile */
        fi;
        if
        :: asked != 0 -> rec_says[REC(h_now, hs_c, hs_n)] = asked
        :: else
        fi;
        check() }

    /* ---- the line delivers what was sent, to the host ---- */
    :: atomic { made != 0 && made_x == 0 ->
        if
        :: x2_sent[XX(made, 1)] -> made_x = 1
        :: x2_sent[XX(made, 2)] -> made_x = 2
        :: x2_sent[XX(made, 3)] -> made_x = 3
        :: else
        fi;
        if
        :: made_x != 0 -> x3_sent[XX(made, made_x)] = true
        :: else
        fi;
        check() }
    :: atomic { h_now != 0 && hs_c == 0 ->
        if
        :: m2_sent[AT(h_now, 1)] -> hs_c = 1
        :: m2_sent[AT(h_now, 2)] -> hs_c = 2
        :: m2_sent[AT(h_now, 3)] -> hs_c = 3
        :: else
        fi;
        hs_n = 0; check() }
    :: atomic { asked != 0 ->
        if
        :: n = 0
        :: n = 1
        fi;
        if
        :: reply_sent[REC(h_now, hs_c, n)] -> host_answer(h_now, hs_c, n)
        :: else
        fi;
        n = 0; check() }

    /* ---- to the chip ---- */
    :: atomic { begun_x != 0 ->
        i = begun_by;
        if
        :: i == EVIL -> chip_x3(EVIL, begun_x)
        :: i != EVIL && x3_sent[XX(i, begun_x)] -> chip_x3(i, begun_x)
        :: else
        fi;
        i = 0; check() }
    :: atomic { next_c <= ANSWERS ->
        select(h : 1 .. HANDSHAKES);
        if
        :: m1_pairing[h] != 0 -> chip_m1(h, m1_pairing[h])
        :: else
        fi;
        h = 0; check() }
    /* A record of neither the open session nor the candidate is refused and changes nothing: those two are enough. */
    :: atomic { sess_h != 0 || cand_h != 0 ->
        if
        :: sess_h != 0 -> h = sess_h; c = sess_c
        :: cand_h != 0 -> h = cand_h; c = cand_c
        fi;
        if
        :: n = 0
        :: n = 1
        fi;
        if
        :: rec_says[REC(h, c, n)] != 0 -> chip_record(h, c, n, rec_says[REC(h, c, n)])
        :: else
        fi;
        h = 0; c = 0; n = 0; check() }

    /* ---- the attacker's own: pairings, and a session under one that is his ---- */
    :: atomic { next_x <= PAIRINGS -> chip_x1(EVIL); check() }
    :: atomic { staged == EVIL && FINAL ->
        /* he opens a session under his pairing and asks for what he likes: without the owner's secret PROVE is refused */
#if MUTANT == 5
        pair_proven = EVIL;
#endif
        check() }

    /* ---- power ---- */
    :: atomic { true -> /* the chip's */
        begun_x = 0; begun_by = 0; staged = 0; forget_session(); forget_candidate();
#if MUTANT == 8
        pair_proven = 0;
#endif
        check() }
    :: atomic { true -> /* the host's */
        made = 0; made_x = 0; h_now = 0; h_pairing = 0; host_forget_session(); check() }
    od
}
