/**
 * What an operator sets. {@link dev.rung.settings.Setting} is the table, {@link
 * dev.rung.settings.SettingsReader} reads flags, environment and {@code rung.yaml}, {@link
 * dev.rung.settings.Settings} is what the rest of the server holds. Nothing here knows Spring.
 */
@NullMarked
package dev.rung.settings;

import org.jspecify.annotations.NullMarked;
