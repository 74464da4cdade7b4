/**
 * What an operator sets. {@link dev.rung.server.settings.Setting} is the table, {@link
 * dev.rung.server.settings.SettingsReader} reads flags, environment and {@code rung.yaml}, {@link
 * dev.rung.server.settings.Settings} is what the rest of the server holds. Nothing here knows Spring.
 */
@NullMarked
package dev.rung.server.settings;

import org.jspecify.annotations.NullMarked;
