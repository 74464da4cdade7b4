/** The channel {@code alipay}: Alipay's open platform, signed with RSA2. Read {@link dev.rung.channel.alipay.AlipayChannel} first. */
@NullMarked
package dev.rung.channel.alipay;

import org.jspecify.annotations.NullMarked;
