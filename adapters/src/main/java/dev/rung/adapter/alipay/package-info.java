/** The channel {@code alipay}: Alipay's open platform, signed with RSA2. */
@NullMarked
package dev.rung.adapter.alipay;

import org.jspecify.annotations.NullMarked;
