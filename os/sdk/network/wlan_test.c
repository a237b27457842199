/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's network interface on the posix board: the one access point. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mico.h"
#include "os/kernel/kernel.h"
#include "os/port/board.h"

static mico_semaphore_t told;
static int ups, downs, failures, scans;

static void on_status(WiFiEvent event, void *arg)
{
    *(event == NOTIFY_STATION_UP ? &ups : &downs) += 1;
}

static void on_failure(OSStatus err, void *arg)
{
    assert_int_equal(err, kNotFoundErr);
    failures++;
}

static void on_scan(ScanResult *result, void *arg)
{
    assert_int_equal(result->ApNum, 1);
    assert_string_equal(result->ApList[0].ssid, MICO_WLAN_SSID);
    scans++;
    mico_rtos_set_semaphore(&told);
}

static void on_scan_adv(ScanResult_adv *result, void *arg)
{
    assert_int_equal(result->ApNum, 1);
    assert_string_equal(result->ApList[0].ssid, MICO_WLAN_SSID);
    assert_int_equal(result->ApList[0].security, SECURITY_TYPE_NONE);
    scans += 10;
    mico_rtos_set_semaphore(&told);
}

static void station_joins_leaves_and_is_told_of_both(void **state)
{
    LinkStatusTypeDef link;
    network_InitTypeDef_st wish = {.wifi_mode = Station, .wifi_ssid = MICO_WLAN_SSID, .dhcpMode = DHCP_Client};
    assert_int_equal(mico_system_notify_register(mico_notify_WIFI_STATUS_CHANGED, (void *)on_status, NULL), kNoErr);
    assert_int_equal(mico_system_notify_register(mico_notify_WIFI_CONNECT_FAILED, (void *)on_failure, NULL), kNoErr);
    assert_int_equal(micoWlanStart(&wish), kNoErr);
    assert_int_equal(ups, 1);
    assert_int_equal(micoWlanGetLinkStatus(&link), kNoErr);
    assert_int_equal(link.is_connected, 1);
    assert_string_equal((char *)link.ssid, MICO_WLAN_SSID);
    assert_int_equal(micoWlanSuspendStation(), kNoErr);
    assert_int_equal(micoWlanSuspend(), kNoErr); /* it has left already */
    assert_int_equal(downs, 1);
    assert_int_equal(micoWlanGetLinkStatus(&link), kNoErr);
    assert_int_equal(link.is_connected, 0);
    strcpy(wish.wifi_ssid, "elsewhere");
    assert_int_equal(micoWlanStart(&wish), kNoErr);
    assert_int_equal(failures, 1);
    assert_int_equal(ups, 1);
    network_InitTypeDef_adv_st adv = {.ap_info.bssid = {1, 2, 3, 4, 5, 6}, .dhcpMode = DHCP_Client};
    assert_int_equal(micoWlanStartAdv(&adv), kNoErr);
    assert_int_equal(ups, 2);
}

static void scan_finds_the_one_access_point(void **state)
{
    assert_int_equal(mico_rtos_init_semaphore(&told, 1), kNoErr);
    assert_int_equal(mico_system_notify_register(mico_notify_WIFI_SCAN_COMPLETED, (void *)on_scan, NULL), kNoErr);
    assert_int_equal(mico_system_notify_register(mico_notify_WIFI_SCAN_ADV_COMPLETED, (void *)on_scan_adv, NULL),
                     kNoErr);
    micoWlanStartScan();
    assert_int_equal(mico_rtos_get_semaphore(&told, 5000), kNoErr);
    assert_int_equal(scans, 1);
    micoWlanStartScanAdv();
    assert_int_equal(mico_rtos_get_semaphore(&told, 5000), kNoErr);
    assert_int_equal(scans, 11);
    assert_int_equal(mico_rtos_deinit_semaphore(&told), kNoErr);
}

static void addresses_are_the_hosts(void **state)
{
    IPStatusTypedef status;
    uint8_t mac[6] = {9, 9, 9, 9, 9, 9};
    assert_int_equal(micoWlanGetIPStatus(&status, Station), kNoErr);
    assert_int_equal(status.dhcp, DHCP_Client);
    assert_string_equal(status.ip, "127.0.0.1");
    assert_string_equal(status.mask, "255.0.0.0");
    assert_string_equal(status.broadcastip, "127.255.255.255");
    assert_string_equal(status.gate, "0.0.0.0");
    assert_string_equal(status.mac, "000000000000");
    mico_wlan_get_mac_address(mac);
    assert_memory_equal(mac, "\0\0\0\0\0\0", 6);
}

static void what_needs_a_radio_says_so(void **state)
{
    IPStatusTypedef status;
    network_InitTypeDef_st wish = {.wifi_mode = Soft_AP, .wifi_ssid = "mine", .dhcpMode = DHCP_Server};
    assert_int_equal(micoWlanStart(&wish), kUnsupportedErr);
    wish.wifi_mode = Station;
    wish.dhcpMode = DHCP_Disable;
    assert_int_equal(micoWlanStart(&wish), kUnsupportedErr);
    assert_int_equal(micoWlanSuspendSoftAP(), kUnsupportedErr);
    assert_int_equal(micoWlanStartEasyLink(1), kUnsupportedErr);
    assert_int_equal(micoWlanStopEasyLink(), kUnsupportedErr);
    assert_int_equal(micoWlanStartEasyLinkPlus(1), kUnsupportedErr);
    assert_int_equal(micoWlanStopEasyLinkPlus(), kUnsupportedErr);
    assert_int_equal(micoWlanStartAirkiss(1), kUnsupportedErr);
    assert_int_equal(micoWlanStopAirkiss(), kUnsupportedErr);
    assert_int_equal(micoWlanPowerOff(), kNoErr);
    assert_int_equal(micoWlanPowerOn(), kNoErr);
    micoWlanEnablePowerSave();
    micoWlanDisablePowerSave();
    assert_int_equal(micoWlanStart(NULL), kParamErr);
    assert_int_equal(micoWlanStartAdv(NULL), kParamErr);
    assert_int_equal(micoWlanGetLinkStatus(NULL), kParamErr);
    assert_int_equal(micoWlanGetIPStatus(NULL, Station), kParamErr);
    assert_int_equal(micoWlanGetIPStatus(&status, Soft_AP), kParamErr);
}

static OSStatus tell(char *type, char *host, char *instance, char *txt, uint16_t port)
{
    mdns_init_t record = {
        .service_name = type, .host_name = host, .instance_name = instance, .txt_record = txt, .service_port = port};
    return mdns_add_record(record, Station, 0);
}

static void mdns_refuses_what_is_malformed_and_knows_its_bounds(void **state)
{
    static char type[] = "_a._tcp.local.", host[] = "lamp.local.", name[] = "Lamp", long_text[500], types[5][16];
    memset(long_text, 'x', sizeof long_text - 1);
    assert_int_equal(tell(NULL, host, name, NULL, 1), kParamErr);
    assert_int_equal(tell("", host, name, NULL, 1), kParamErr);
    assert_int_equal(tell(".local.", host, name, NULL, 1), kParamErr);
    assert_int_equal(tell(type, NULL, name, NULL, 1), kParamErr);
    assert_int_equal(tell(type, long_text, name, NULL, 1), kParamErr);
    assert_int_equal(tell(type, host, name, long_text, 1), kParamErr);
    assert_int_equal(tell(type, host, NULL, NULL, 1), kParamErr); /* the host is claimed now */
    assert_int_equal(tell(type, host, "", NULL, 1), kParamErr);
    assert_int_equal(tell("a.tcp.local.", host, name, NULL, 1), kParamErr);
    assert_int_equal(tell(type, host, name, NULL, 0), kParamErr);
    mdns_init_t record = {type, host, name, NULL, 1};
    assert_int_equal(mdns_add_record(record, Soft_AP, 0), kUnsupportedErr);
    for (int i = 0; i < 4; i++) {
        snprintf(types[i], sizeof types[i], "_t%d._tcp", i);
        assert_int_equal(tell(types[i], host, name, "a=1.b=x/.y..", 1), kNoErr);
    }
    assert_int_equal(tell(types[0], host, name, NULL, 1), kAlreadyInUseErr);
    assert_int_equal(tell("_t4._tcp", host, name, NULL, 1), kNoResourcesErr);
    mdns_update_txt_record(types[0], Station, long_text); /* stays as it was */
    mdns_update_txt_record(NULL, Station, NULL);
    mdns_suspend_record("_none._tcp", Station, true);
    mdns_resume_record(NULL, Station);
    mdns_suspend_record(types[0], Station, false);
    mdns_suspend_record(types[0], Station, false);
    mdns_resume_record(types[0], Station);
    for (int i = 0; i < 4; i++) {
        mdns_suspend_record(types[i], Station, true);
    }
    assert_int_equal(tell("_t4._tcp", host, name, NULL, 1), kNoErr);
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(station_joins_leaves_and_is_told_of_both),
        cmocka_unit_test(scan_finds_the_one_access_point),
        cmocka_unit_test(addresses_are_the_hosts),
        cmocka_unit_test(what_needs_a_radio_says_so),
        cmocka_unit_test(mdns_refuses_what_is_malformed_and_knows_its_bounds),
    };
    mico_board_halt(cmocka_run_group_tests(tests, NULL, NULL));
}

int main(void)
{
    static uint64_t stack[4096];
    mico_kernel_start(run_all, NULL, stack, sizeof stack);
}
