package query

import (
	"math"
	"time"

	"liveroom/moderation"
)

// columns are the fields that stores know the column of.
var columns = map[moderation.List]map[Field]moderation.Column{
	moderation.ListEvents: timed(map[Field]moderation.Column{FieldKind: moderation.ColumnKind}),
	moderation.ListFlags: timed(map[Field]moderation.Column{
		FieldProduct: moderation.ColumnSKU, FieldCategory: moderation.ColumnCategory, FieldVerdict: moderation.ColumnVerdict, FieldSeverity: moderation.ColumnSeverity,
		FieldRule: moderation.ColumnRule, FieldStatus: moderation.ColumnStatus, FieldCase: moderation.ColumnCase,
	}),
	moderation.ListComplaints: timed(map[Field]moderation.Column{
		FieldProduct: moderation.ColumnSKU, FieldKind: moderation.ColumnKind, FieldChannel: moderation.ColumnChannel,
		FieldCase: moderation.ColumnCase, FieldProblem: moderation.ColumnProblem,
	}),
	moderation.ListProblems:  timed(map[Field]moderation.Column{FieldProduct: moderation.ColumnSKU}),
	moderation.ListQuestions: timed(map[Field]moderation.Column{FieldProduct: moderation.ColumnSKU, FieldTimes: moderation.ColumnTimes}),
	moderation.ListOrders: timed(map[Field]moderation.Column{
		FieldProduct: moderation.ColumnSKU, FieldStatus: moderation.ColumnStatus, FieldRefund: moderation.ColumnRefund,
		FieldAmount: moderation.ColumnAmount, FieldQty: moderation.ColumnQty, FieldCase: moderation.ColumnCase,
	}),
	moderation.ListCases: timed(map[Field]moderation.Column{
		FieldProduct: moderation.ColumnSKU, FieldKind: moderation.ColumnKind, FieldStatus: moderation.ColumnStatus,
		FieldCategory: moderation.ColumnCategory, FieldOutcome: moderation.ColumnOutcome, FieldCase: moderation.ColumnID,
	}),
}

// timed adds what stores know of every list.
func timed(of map[Field]moderation.Column) map[Field]moderation.Column {
	of[FieldSince], of[FieldUntil], of[FieldAt], of[FieldRoom] = moderation.ColumnAt, moderation.ColumnAt, moderation.ColumnAt, moderation.ColumnRoom
	return of
}

func has(c moderation.Column, in ...string) moderation.Sieve {
	return moderation.HasText{Column: c, In: in}
}

// some lets through numbers and times that are not 0.
func some(c moderation.Column) moderation.Sieve {
	return moderation.AnyOf{moderation.HasNumber{Column: c, From: math.MinInt64, To: -1}, moderation.HasNumber{Column: c, From: 1, To: math.MaxInt64}}
}

func none(c moderation.Column) moderation.Sieve { return moderation.HasNumber{Column: c} }

// flagSieve is what a store knows of what rows can be; nil: nothing.
func flagSieve(l moderation.List, flag string, e *Env) moderation.Sieve {
	switch l {
	case moderation.ListEvents:
		if flag == isSpoken {
			return moderation.HasNumber{Column: moderation.ColumnSpoken, From: 1, To: 1}
		}
	case moderation.ListFlags:
		return flagFlag(flag)
	case moderation.ListComplaints:
		switch flag {
		case isUrgent:
			return has(moderation.ColumnPriority, "high")
		case isAlike:
			return some(moderation.ColumnProblem)
		case isInCase:
			return some(moderation.ColumnCase)
		}
	case moderation.ListQuestions:
		if flag == isOpen {
			return none(moderation.ColumnAnswered)
		}
		return some(moderation.ColumnAnswered)
	case moderation.ListOrders:
		switch flag {
		case isPaid:
			return some(moderation.ColumnPaidAt)
		case isRefunded:
			return moderation.Not{Of: has(moderation.ColumnRefund, "")}
		case isInCase:
			return some(moderation.ColumnCase)
		}
	case moderation.ListCases:
		return caseFlag(flag, e)
	}
	return nil
}

func flagFlag(flag string) moderation.Sieve {
	switch flag {
	case isOpen:
		return has(moderation.ColumnStatus, string(moderation.FlagOpen), string(moderation.FlagSnoozed))
	case isDecided:
		return has(moderation.ColumnStatus, string(moderation.FlagConfirmed), string(moderation.FlagDismissed))
	case isSnoozed:
		return has(moderation.ColumnStatus, string(moderation.FlagSnoozed))
	case isCorrected:
		return some(moderation.ColumnSent)
	case isInCase:
		return some(moderation.ColumnCase)
	}
	return nil
}

func caseFlag(flag string, e *Env) moderation.Sieve {
	open := moderation.Not{Of: has(moderation.ColumnStatus, string(moderation.CaseStateResolved), string(moderation.CaseStateClosed), string(moderation.CaseStateWithdrawn))}
	due := func(to time.Time) moderation.Sieve {
		return moderation.AllOf{open, some(moderation.ColumnDue), moderation.HasNumber{Column: moderation.ColumnDue, From: math.MinInt64, To: moderation.Stamp(to)}}
	}
	switch flag {
	case isOpen, isFree:
		return open
	case isOverdue:
		return due(e.Now)
	case isSoon:
		return due(e.Now.Add(soonDue))
	case isMine:
		return has(moderation.ColumnOwner, e.Me)
	case isEscalated:
		return some(moderation.ColumnRaised)
	case isSnoozed:
		return some(moderation.ColumnSnoozed)
	}
	return nil
}
