// Judges histories with Porcupine, for `quorate bench histories --porcupine DIR`.
//
// Reads what the bench writes: the model's name, then an event a line, its fields between tabs:
// i ID CLIENT FUNCTION ARGUMENTS… is a call, o ID ANSWER a return, u ID a return of which nothing is
// known. Prints a line a file: verdict, milliseconds, kilobytes of the process at most.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"
)

type call struct {
	function string
	first    string
	second   string
}

type answer struct {
	value     string
	isUnknown bool
}

var register = porcupine.Model{
	Init: func() interface{} { return "nil" },
	Step: func(state, input, output interface{}) (bool, interface{}) {
		held, asked, got := state.(string), input.(call), output.(answer)
		switch asked.function {
		case "read":
			return got.isUnknown || got.value == held, held
		case "write":
			return true, asked.first
		}
		if held == asked.first {
			return got.isUnknown || got.value != "false", asked.second
		}
		return got.isUnknown || got.value == "false", held
	},
}

var keyValue = porcupine.Model{
	PartitionEvent: func(history []porcupine.Event) [][]porcupine.Event {
		places := map[string]int{}
		keyOf := map[int]string{}
		var parts [][]porcupine.Event
		for _, event := range history {
			if event.Kind == porcupine.CallEvent {
				keyOf[event.Id] = event.Value.(call).first
			}
			key := keyOf[event.Id]
			place, isKnown := places[key]
			if !isKnown {
				place = len(parts)
				places[key] = place
				parts = append(parts, nil)
			}
			parts[place] = append(parts[place], event)
		}
		return parts
	},
	Init: func() interface{} { return "" },
	Step: func(state, input, output interface{}) (bool, interface{}) {
		held, asked, got := state.(string), input.(call), output.(answer)
		switch asked.function {
		case "get":
			return got.isUnknown || got.value == held, held
		case "put":
			return true, asked.second
		}
		return true, held + asked.second
	},
}

func read(path string) (porcupine.Model, []porcupine.Event) {
	file, err := os.Open(path)
	if err != nil {
		panic(err)
	}
	defer file.Close()
	scanner := bufio.NewScanner(file)
	scanner.Buffer(make([]byte, 1<<20), 1<<28)
	scanner.Scan()
	model := register
	if scanner.Text() == "key-value" {
		model = keyValue
	}
	var events []porcupine.Event
	for scanner.Scan() {
		fields := append(strings.Split(scanner.Text(), "\t"), "", "", "")
		id, _ := strconv.Atoi(fields[1])
		event := porcupine.Event{Id: id, Kind: porcupine.ReturnEvent}
		switch fields[0] {
		case "i":
			event.Kind = porcupine.CallEvent
			event.ClientId, _ = strconv.Atoi(fields[2])
			event.Value = call{fields[3], fields[4], fields[5]}
		case "o":
			event.Value = answer{fields[2], false}
		default:
			event.Value = answer{"", true}
		}
		events = append(events, event)
	}
	return model, events
}

// The most memory that the process held, in kilobytes. What getrusage tells is at least what the
// parent held when it forked.
func peak() int {
	status, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(status), "\n") {
		fields := strings.Fields(line)
		if len(fields) > 1 && fields[0] == "VmHWM:" {
			kilobytes, _ := strconv.Atoi(fields[1])
			return kilobytes
		}
	}
	return 0
}

// Ends the process when it holds more than it may.
func watch(bytes uint64) {
	for {
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		if stats.Sys > bytes {
			fmt.Printf("memory\t0\t%d\n", stats.Sys/1024)
			os.Exit(0)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

func main() {
	seconds, _ := strconv.Atoi(os.Args[1])
	bytes, _ := strconv.ParseUint(os.Args[2], 10, 64)
	go watch(bytes)
	for _, path := range os.Args[3:] {
		model, events := read(path)
		begin := time.Now()
		result := porcupine.CheckEventsTimeout(model, events, time.Duration(seconds)*time.Second)
		took := time.Since(begin)
		fmt.Printf("%s\t%.3f\t%d\n", result, float64(took.Microseconds())/1000, peak())
	}
}
