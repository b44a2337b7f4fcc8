package sandbox

import "net/http"

// controlDevice answers GET and POST /device: the page where staff type the code of a device, and what they decided.
func (t *Tenant) controlDevice(e *exchange) (reply, error) {
	switch e.request.Method {
	case http.MethodGet:
		return t.askDevice(e.request.URL.Query().Get("user_code"))
	case http.MethodPost:
		return t.decideDevice(e)
	}
	return reply{}, notAllowed(http.MethodGet, http.MethodPost)
}

// askDevice is the page for a user code, which asks for one when there is none.
func (t *Tenant) askDevice(typed string) (reply, error) {
	if typed == "" {
		return t.staffReply(http.StatusOK, staffView{
			Heading: "Practice tenant: staff sign-in", Text: "Type the code that the device shows.", AskCode: true,
		}, "")
	}
	client, ok := t.devices.find(typedCode(typed), t.now())
	if !ok {
		return t.staffReply(http.StatusNotFound, unknownDevice(), "")
	}
	return t.staffReply(http.StatusOK, askStaff(client, typedCode(typed)), "")
}

func (t *Tenant) decideDevice(e *exchange) (reply, error) {
	form, err := e.linkForm()
	if err != nil {
		return reply{}, err
	}
	m, known := memberByKey(form.Get("staff"))
	if !known && form.Get("staff") != refuseStaff {
		return t.staffReply(http.StatusUnprocessableEntity, staffView{Heading: "Nobody was chosen", Text: "Go back and choose who signs in."}, "")
	}
	switch {
	case !t.devices.decide(typedCode(form.Get("user_code")), m.subject, t.now()):
		return t.staffReply(http.StatusNotFound, unknownDevice(), "")
	case !known:
		return t.staffReply(http.StatusOK, staffView{Heading: "Refused", Text: "The device is told so. You can close this page."}, "")
	}
	return t.staffReply(http.StatusOK, staffView{Heading: m.name + " is signed in", Text: "Go on at the device. You can close this page."}, "")
}

func unknownDevice() staffView {
	return staffView{
		Heading: "No device waits with this code", AskCode: true,
		Text: "The code may be mistyped, or it has expired or was decided before.",
	}
}
