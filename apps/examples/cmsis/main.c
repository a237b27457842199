/* SPDX-License-Identifier: Apache-2.0 */
/* An application for CMSIS-RTOS2: a timer raises event flags, a thread turns them into messages with priorities, the
 * first thread prints them. */
#include "cmsis_os2.h"
#include "mico.h"

#define cmsis_log(...) custom_log("CMSIS", __VA_ARGS__)

#define TICK 1u
#define ALARM 2u

static osEventFlagsId_t events;
static osMessageQueueId_t messages;
static osMutexId_t lock;
static int ticks;

static void on_timer(void *arg)
{
    osEventFlagsSet(events, ++ticks == 3 ? TICK | ALARM : TICK);
}

static void collect(void *arg)
{
    for (uint32_t got = 0; (got & ALARM) == 0;) {
        got = osEventFlagsWait(events, TICK | ALARM, osFlagsWaitAny, osWaitForever);
        osMutexAcquire(lock, osWaitForever);
        int message = ticks;
        osMessageQueuePut(messages, &message, (got & ALARM) != 0 ? 9 : 1, osWaitForever);
        osMutexRelease(lock);
    }
    osThreadExit();
}

int application_start(void)
{
    const osThreadAttr_t attr = {.name = "collect", .attr_bits = osThreadJoinable, .priority = osPriorityHigh};
    int message;
    uint8_t priority;
    events = osEventFlagsNew(NULL);
    messages = osMessageQueueNew(4, sizeof(int), NULL);
    lock = osMutexNew(NULL);
    osTimerId_t timer = osTimerNew(on_timer, osTimerPeriodic, NULL, NULL);
    osThreadId_t thread = osThreadNew(collect, NULL, &attr);
    osTimerStart(timer, 100);
    cmsis_log("joined: %d", osThreadJoin(thread));
    osTimerDelete(timer);
    while (osMessageQueueGet(messages, &message, &priority, 0) == osOK) {
        cmsis_log("tick %d of priority %u", message, priority);
    }
    cmsis_log("state %d", osKernelGetState());
    return 0;
}
