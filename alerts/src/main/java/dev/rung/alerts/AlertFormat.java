package dev.rung.alerts;

/** The format of alerts: what the receiver's published interface expects. */
public enum AlertFormat {
    /** Standard Webhooks: the event as JSON, signed if there is a secret. */
    STANDARD,
    /** An incoming webhook of Slack. */
    SLACK,
    /** A custom robot of DingTalk; the secret signs. */
    DINGTALK,
    /** A group robot of WeCom. */
    WECOM,
    /** A custom bot of Feishu; the secret signs. */
    FEISHU;

    /** Whether its receivers verify a signature. */
    public boolean hasSecret() {
        return this != SLACK && this != WECOM;
    }

    /** Whether alerts are written in Chinese. */
    boolean isChinese() {
        return this == DINGTALK || this == WECOM || this == FEISHU;
    }
}
