/** The channel {@code stripe}: Checkout Sessions of Stripe's API. Read {@link dev.rung.channel.stripe.StripeChannel} first. */
@NullMarked
package dev.rung.channel.stripe;

import org.jspecify.annotations.NullMarked;
