// Package tcpmodel is an executable reference TCP.
package tcpmodel
