package feed

// What tests outside the package hold sanitised text to: feedtest, which they read
// the hostile strings with, imports this package.
const MaxClusterBytes = maxClusterBytes

var CheckDisplay = checkDisplay
