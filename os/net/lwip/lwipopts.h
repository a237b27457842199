/* SPDX-License-Identifier: Apache-2.0 */
/* lwIP's configuration: IPv4, DHCP, DNS, IGMP, UDP and TCP, in its own thread on MiCO's kernel. What is not named keeps lwIP's
 * default. */
#ifndef OS_NET_LWIP_LWIPOPTS_H
#define OS_NET_LWIP_LWIPOPTS_H

#define NO_SYS 0
#define SYS_LIGHTWEIGHT_PROT 1
#define LWIP_TIMEVAL_PRIVATE 0
#define LWIP_PROVIDE_ERRNO 0
#define LWIP_ERRNO_STDINCLUDE 1

#define LWIP_IPV6 0
#define LWIP_DHCP 1
#define LWIP_DNS 1
#define LWIP_UDP 1
#define LWIP_IGMP 1
#define LWIP_MULTICAST_TX_OPTIONS 1
#define IP_SOF_BROADCAST 1      /* a broadcast needs leave, as on the host */
#define IP_SOF_BROADCAST_RECV 0 /* receiving one does not */
#define LWIP_TCP 1
#define LWIP_NETCONN 1
#define LWIP_NETIF_API 1
#define LWIP_SOCKET 1
#define LWIP_COMPAT_SOCKETS 0
#define LWIP_POSIX_SOCKETS_IO_NAMES 0
#define LWIP_SO_RCVTIMEO 1
#define LWIP_SO_SNDTIMEO 1
#define SO_REUSE 1
#define LWIP_NETIF_HOSTNAME 1
#define LWIP_NETIF_STATUS_CALLBACK 1
#define LWIP_STATS 0
#define LWIP_HAVE_LOOPIF 1 /* 127.0.0.1, the own address, own multicast */
#define LWIP_NETIF_LOOPBACK 1
#define LWIP_LOOPBACK_MAX_PBUFS 8
#define LWIP_DHCP_DOES_ACD_CHECK 0 /* the emulated network answers no probes: seconds saved at every boot */

/* Memory: bounded pools; a heap for what is sent. */
#define MEM_ALIGNMENT 8
#define MEM_SIZE (48 * 1024)
#define MEMP_NUM_NETCONN 26 /* 16 connections, 4 listeners, 6 of UDP (MICO_UDP_MAX) */
#define MEMP_NUM_UDP_PCB 9  /* those 6, and DHCP, DNS */
#define MEMP_NUM_IGMP_GROUP 6
#define MEMP_NUM_TCP_PCB 16
#define MEMP_NUM_TCP_PCB_LISTEN 4
#define MEMP_NUM_TCP_SEG 64
#define MEMP_NUM_NETBUF 24
#define PBUF_POOL_SIZE 32
#define MEMP_NUM_TCPIP_MSG_INPKT PBUF_POOL_SIZE /* whatever has a buffer can wait for lwIP's thread; by default 8 can */
#define ARP_QUEUEING 1 /* what is sent to a neighbour before it has answered waits; without this the last of it alone */
#define ARP_QUEUE_LEN TCP_DEFAULT_LISTEN_BACKLOG
#define MEMP_NUM_ARP_QUEUE 16
#define PBUF_POOL_BUFSIZE 1536

#define TCP_MSS 1460
#define TCP_WND (6 * TCP_MSS) /* as a burst it fits the LAN9118's receive FIFO of 10,560 bytes, CRC and heads included */
#define TCP_SND_BUF (8 * TCP_MSS)
#define TCP_SND_QUEUELEN 32
#define TCP_SYNMAXRTX 3
#define TCP_LISTEN_BACKLOG 1
#define TCP_DEFAULT_LISTEN_BACKLOG 8
#define LWIP_TCP_KEEPALIVE 1
#define LWIP_TCPIP_CORE_LOCKING 1

#define TCPIP_THREAD_NAME "tcpip"
#define TCPIP_THREAD_STACKSIZE 4096
#define TCPIP_THREAD_PRIO 3
#define TCPIP_MBOX_SIZE 32
#define DEFAULT_TCP_RECVMBOX_SIZE 16
#define DEFAULT_UDP_RECVMBOX_SIZE 8
#define DEFAULT_ACCEPTMBOX_SIZE 8

#endif
