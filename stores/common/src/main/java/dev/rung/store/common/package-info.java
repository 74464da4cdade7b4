/**
 * What the tables of both databases have in common: which columns make which value, and the statements that both understand. The stores are
 * built on it; it knows neither.
 */
@NullMarked
package dev.rung.store.common;

import org.jspecify.annotations.NullMarked;
