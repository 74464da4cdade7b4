/**
 * Shared by the stores: row mapping, decisions on loaded rows, and SQL statements that several databases understand. Independent of any
 * database.
 */
@NullMarked
package dev.rung.store.common;

import org.jspecify.annotations.NullMarked;
