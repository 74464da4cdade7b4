/** What a store provides: all ports of one database, and how it is found and opened. Read {@link dev.rung.store.spi.StoreProvider} first. */
@NullMarked
package dev.rung.store.spi;

import org.jspecify.annotations.NullMarked;
