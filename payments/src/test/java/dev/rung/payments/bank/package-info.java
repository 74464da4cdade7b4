/** The contract of the bank's ledger, and what its orders decide. */
package dev.rung.payments.bank;
