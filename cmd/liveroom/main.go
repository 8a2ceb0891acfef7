// Command liveroom is a terminal console for moderating livestream commerce.
package main

func main() {}
