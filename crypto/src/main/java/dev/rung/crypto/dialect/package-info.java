/** The interface of dialects: ways of writing and signing notifications. Plugins implement it. */
@NullMarked
package dev.rung.crypto.dialect;

import org.jspecify.annotations.NullMarked;
