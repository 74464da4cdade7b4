/** The channel {@code alipay}: Alipay's open platform, signed with RSA2. Read {@link dev.rung.adapter.alipay.AlipayChannel} first. */
@NullMarked
package dev.rung.adapter.alipay;

import org.jspecify.annotations.NullMarked;
