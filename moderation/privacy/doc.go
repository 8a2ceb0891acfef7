// Package privacy hides personal data in what leaves the record: listings,
// bundles, logs.
//
// Fields that are known to hold something are hidden by kind: a phone number
// keeps its first three and last four digits, an identity card number its first
// three and last four, a name its surname, an address all down to the district,
// an order number its last four. Free text is searched for what looks like one
// of these, and for mail addresses, bank cards and names of accounts elsewhere
// (Text); full-width digits, digits written in Chinese, and separators between
// them are seen through.
//
// What it promises: what was hidden cannot be read back from the result, and
// what was hidden once stays as it is when hidden again. What it cannot promise
// is to know every name: in free text a name is known by the word before it
// (收件人, 我叫 …), an address by what it is made of.
//
// All is pure and may be called at once. Hidden text is not yet fit for a
// terminal; feed.Sanitise makes it so.
package privacy
