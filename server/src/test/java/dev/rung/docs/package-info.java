/** Documents that are generated from the code, and checks of those that are written. */
@NullMarked
package dev.rung.docs;

import org.jspecify.annotations.NullMarked;
