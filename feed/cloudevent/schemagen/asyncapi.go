package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed/cloudevent"
)

// object is a JSON object; its members are written in the order of their names.
type object = map[string]any

// leftOut says what this description does not hold: the words of others are theirs to
// describe.
const leftOut = "Only our own events are described. By the door also come, each in its sender's own words: the page of dycast and the results of FunASR, Vosk, WhisperLive, Aliyun NLS, DashScope, Tencent Cloud and Volcengine, at /in/{name} too; and the signed webhooks of Doudian, the Kuaishou shop, TikTok Shop, Shopify and Douyin life services, posted to /hook/{name}. Those, and the platforms that the console dials in their own protocols, stand in docs/sources.md."

// asyncapi describes, in AsyncAPI 3.0, the two websockets by which events of ours
// come: the one that a producer opens and we dial, and the one of the door.
func asyncapi() ([]byte, error) {
	names := slices.Sorted(maps.Keys(types))
	messages, receive := object{}, []any{}
	for _, name := range names {
		key := messageKey(name)
		messages[key] = object{
			"name": name, "title": name, "contentType": "application/cloudevents+json",
			"payload": object{
				"allOf": []any{
					ref("#/components/schemas/cloudevent"),
					object{"type": "object", "required": []string{"data"}, "properties": object{
						"type": object{"const": name}, "data": ref("schema/" + name + ".json"),
					}},
				},
			},
		}
		if name != cloudevent.TypeAction {
			receive = append(receive, key)
		}
	}
	doc := object{
		"asyncapi": "3.0.0",
		"info": object{
			"title": "liveroom's own feed", "version": "1.0.0",
			"description": "One CloudEvent (1.0, structured mode, JSON) a text message, subprotocol cloudevents.json. (source, id) names an event: sent twice it counts once. The console acknowledges nothing; a producer that numbers its events with epoch and offset is asked to go on after the last one committed. " + leftOut,
		},
		"servers": object{
			"producer": object{"host": "producer.example", "protocol": "wss", "description": "A producer that the console dials, with Authorization: Bearer."},
			"door":     object{"host": "127.0.0.1:7790", "protocol": "ws", "description": "The console's door: [door] listen in its config."},
		},
		"channels": object{
			"producer": channel("/", "What the producer says, from where the console left off.", []string{"producer"}, names, object{
				"epoch": object{"type": "string", "description": "the numbering that after counts in"},
				"after": object{"type": "integer", "description": "the offset of the last event committed"},
			}),
			"door": channel("/in/{name}", "What a tool brings that dials in, with Authorization: Bearer, or ?token= from a page of a named origin.", []string{"door"}, names, object{
				"token": object{"type": "string", "description": "for pages, which cannot set headers"},
			}),
		},
		"operations": object{
			"hear":      operation("receive", "producer", "Take in events and answers to actions.", receive),
			"letIn":     operation("receive", "door", "Take in events and answers to actions.", receive),
			"ask":       operation("send", "producer", "Ask the producer to act. It does an action of one id once and answers with an ack.", []any{messageKey(cloudevent.TypeAction)}),
			"askAtDoor": operation("send", "door", "Ask the tool to act. It does an action of one id once and answers with an ack.", []any{messageKey(cloudevent.TypeAction)}),
		},
		"components": object{"messages": messages, "schemas": object{"cloudevent": envelopeSchema()}},
	}
	doc["channels"].(object)["door"].(object)["parameters"] = object{"name": object{"description": "the door of a source in the config"}}
	b, err := json.Marshal(doc, json.Deterministic(true), jsontext.Multiline(true))
	if err != nil {
		return nil, fmt.Errorf("describe the feed: %w", err)
	}
	return append(b, '\n'), nil
}

func ref(to string) object { return object{"$ref": to} }

// messageKey is a type's name without what every name has: chat, for one.
func messageKey(name string) string {
	return strings.TrimSuffix(strings.TrimPrefix(name, "liveroom."), ".v1")
}

func channel(address, description string, servers, names []string, query object) object {
	var at []any
	for _, s := range servers {
		at = append(at, ref("#/servers/"+s))
	}
	messages := object{}
	for _, name := range names {
		messages[messageKey(name)] = ref("#/components/messages/" + messageKey(name))
	}
	return object{
		"address": address, "description": description, "servers": at, "messages": messages,
		"bindings": object{"ws": object{"method": "GET", "query": object{"type": "object", "properties": query}}},
	}
}

func operation(action, of, summary string, keys []any) object {
	var messages []any
	for _, key := range keys {
		messages = append(messages, ref(fmt.Sprintf("#/channels/%s/messages/%s", of, key)))
	}
	return object{"action": action, "channel": ref("#/channels/" + of), "summary": summary, "messages": messages}
}

// envelopeSchema is what CloudEvents puts around data, with our two extensions.
func envelopeSchema() object {
	text := func(doc string) object { return object{"type": "string", "minLength": 1, "description": doc} }
	return object{
		"type": "object", "required": []string{"specversion", "id", "source", "type"},
		"properties": object{
			"specversion": object{"const": "1.0"},
			"id":          text("with source: names the event"),
			"source":      text("with id: names the event"),
			"type":        text("liveroom.….v1, or any that ends in one of the kinds"),
			"subject":     text("the room"),
			"time":        object{"type": "string", "format": "date-time"},
			"epoch":       text("the numbering that offset counts in; a new one forgets the old"),
			"offset":      object{"type": "integer", "minimum": 0, "description": "the place in the numbering, one more for each event"},
		},
	}
}
