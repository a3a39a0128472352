"""ROME's fourteen fields of work: the first letter of every occupation's code."""

from __future__ import annotations

from cvtube.i18n import N_

FAMILIES: dict[str, str] = {
    "A": N_("Farming, green spaces and animals"),
    "B": N_("Arts and crafts"),
    "C": N_("Banking, insurance and property"),
    "D": N_("Shops and sales"),
    "E": N_("Communication and media"),
    "F": N_("Building and civil engineering"),
    "G": N_("Hotels, restaurants and leisure"),
    "H": N_("Industry"),
    "I": N_("Installing and repairing"),
    "J": N_("Health"),
    "K": N_("Services to people and communities"),
    "L": N_("Performing arts"),
    "M": N_("Offices and companies"),
    "N": N_("Transport and logistics"),
}
