/**
 * Shared by the stores: row mapping and SQL statements that work in both databases. Independent of either database.
 */
@NullMarked
package dev.rung.store.common;

import org.jspecify.annotations.NullMarked;
