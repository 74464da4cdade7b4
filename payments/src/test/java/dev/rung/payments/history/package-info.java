/**
 * Histories of payments: placements, callbacks, queries, closes and crashes, interleaved step by step as a seed says, against any store and a bank that
 * knows the truth. Read {@link dev.rung.payments.history.PaymentHistory} first.
 */
package dev.rung.payments.history;
