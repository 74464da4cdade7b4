/** The contract of the bank's ledger, and tests of its orders. */
package dev.rung.payments.bank;
