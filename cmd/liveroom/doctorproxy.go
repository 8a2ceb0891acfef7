package main

import (
	"net/url"
	"os"
	"strings"

	"liveroom/feed"
)

// byProxy tells of the proxy by which a peer is reached.
func byProxy(proxy string) told {
	if proxy == "" {
		return told{}
	}
	return say("经代理 %s", "by the proxy %s", proxy)
}

// way tells by which proxy a source is connected to.
func (t trial) way() told {
	u, err := url.Parse(t.cfg.address())
	if err != nil {
		return told{}
	}
	way, err := feed.WayTo(u, nil)
	if err != nil {
		return told{} // which is why it was not reached
	}
	return byProxy(way.Proxy())
}

// unreadProxies tells of proxies in the environment whose addresses are none, mostly for
// a character of the password: net/http passes over them without a word, or makes of
// them what nobody meant.
func unreadProxies() []doctorRow {
	var rows []doctorRow
	for _, variable := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
		address := os.Getenv(variable)
		if !strings.Contains(address, "://") {
			address = "http://" + address
		}
		if _, err := url.Parse(address); err != nil {
			rows = append(rows, row("proxy", levelProblem, variable, say("读不懂这个代理地址，不会照它走", "it cannot be read as a proxy's address, so nothing goes where it means"),
				say("写成 http://用户名:密码@主机:端口；密码里的特殊字符写成 %%XX（# 是 %%23，%% 是 %%25，/ 是 %%2F）", "write http://NAME:PASSWORD@HOST:PORT, special characters of the password as %%XX (# is %%23, %% is %%25, / is %%2F)")))
		}
	}
	return rows
}
