/**
 * Randomized runs of payments: placements, callbacks, queries, closes and crashes, interleaved step by step as the seed
 * determines, on any store, compared with a model bank. Read {@link dev.rung.payments.history.PaymentHistory} first.
 */
package dev.rung.payments.history;
