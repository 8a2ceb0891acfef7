// Package rulebook keeps the users' rule files for the people at a console: it
// tries what they want to add against what was said, and adds it.
//
// A Book writes to one file and reads all that are in force. What is added comes
// behind all that stands in the file, comments included, and only where the files
// load with it, its own examples come out right, and it is in shadow. The file is
// the old one or the new one, whatever is cut off in between; adding the same text
// again adds nothing. All methods may be called at once. A file that is edited by
// hand while it is added to is read anew right before: what an editor saves in the
// same moment is the editor's.
package rulebook
