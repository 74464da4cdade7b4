/**
 * The settings of the server. {@link dev.rung.settings.Setting} lists them, {@link
 * dev.rung.settings.SettingsReader} reads flags, environment and {@code rung.yaml}, {@link
 * dev.rung.settings.Settings} has the validated values. Independent of Spring.
 */
@NullMarked
package dev.rung.settings;

import org.jspecify.annotations.NullMarked;
