/**
 * The interface of store modules: finding, opening and checking a store, and all of its ports. Read {@link
 * dev.rung.store.spi.StoreProvider} first.
 */
@NullMarked
package dev.rung.store.spi;

import org.jspecify.annotations.NullMarked;
