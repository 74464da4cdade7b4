/** The channel {@code wechatpay}: WeChat Pay's API v3, native orders. */
@NullMarked
package dev.rung.adapter.wechatpay;

import org.jspecify.annotations.NullMarked;
