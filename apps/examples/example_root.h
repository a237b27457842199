/* SPDX-License-Identifier: Apache-2.0 */
/* The root that the examples' servers of TLS come from. Its key is known to everybody: for examples alone. */
#ifndef APPS_EXAMPLES_EXAMPLE_ROOT_H
#define APPS_EXAMPLES_EXAMPLE_ROOT_H

static char example_root[] = "-----BEGIN CERTIFICATE-----\n"
                             "MIIBEDCBw6ADAgECAgEBMAUGAytlcDAPMQ0wCwYDVQQDDARyb290MCAXDTI2MTEy\n"
                             "NjEzNTgzOVoYDzIxMjYxMTAyMTM1ODM5WjAPMQ0wCwYDVQQDDARyb290MCowBQYD\n"
                             "K2VwAyEA0EqyMnQrtKs6E2i9RhXk5tAiSrcaAWuvhSCjMsl3hzejQjBAMA8GA1Ud\n"
                             "EwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMB0GA1UdDgQWBBTVjq38XPNbGMDv\n"
                             "3e2CrSDuWmSFpDAFBgMrZXADQQDUxYsReSUVh//YG3I6oOY8zBubrWonM2QU98tI\n"
                             "OdLYF2ojpAocrgu/2UjNMJlSlJLOhWD4F0O6/KrM1oSYP6gE\n"
                             "-----END CERTIFICATE-----\n";

#endif
