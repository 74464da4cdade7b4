/** A real server in this process, its caller, and a merchant's end: what the API's tests play with. */
package dev.rung.server.scene;
