/** The channel {@code wechatpay}: WeChat Pay's API v3. Read {@link dev.rung.channel.wechatpay.WechatpayChannel} first. */
@NullMarked
package dev.rung.channel.wechatpay;

import org.jspecify.annotations.NullMarked;
