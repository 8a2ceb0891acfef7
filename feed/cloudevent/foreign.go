package cloudevent

import (
	"fmt"

	"liveroom/feed"

	"github.com/go-json-experiment/json/jsontext"
)

// foreign holds the members that producers of another vocabulary use where
// ours have a name of their own. Amounts are in the smallest unit.
type foreign struct {
	Room  ID `json:"room"`
	Order struct {
		Amount   int64  `json:"amount"`
		Currency string `json:"currency"`
	} `json:"order"`
	Product struct {
		Price    int64  `json:"price"`
		Currency string `json:"currency"`
	} `json:"product"`
}

func readForeign(e *feed.Event, v jsontext.Value) error {
	var d foreign
	if err := into(v, &d); err != nil {
		return err
	}
	for _, c := range []string{d.Order.Currency, d.Product.Currency} {
		if c != "" && c != "CNY" {
			return fmt.Errorf("currency %q is not supported: amounts are in fen (CNY)", short(c))
		}
	}
	if err := notNegative(number{"data.order.amount", d.Order.Amount}, number{"data.product.price", d.Product.Price}); err != nil {
		return err
	}
	e.Room, e.AmountFen = string(d.Room), d.Order.Amount
	if d.Product.Price > 0 {
		e.Product = &feed.Product{PriceFen: d.Product.Price}
	}
	return nil
}
