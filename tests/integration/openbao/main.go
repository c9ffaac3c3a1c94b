// A server and command line of OpenBao for the tests, made from its module because no package of it is at hand.
package main

import (
	"os"

	"github.com/openbao/openbao/command"
)

func main() {
	os.Exit(command.Run(os.Args[1:]))
}
