/** A shop that sends notifications by the outbox, and receives its own. */
@NullMarked
package example.shop;

import org.jspecify.annotations.NullMarked;
