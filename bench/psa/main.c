/* SPDX-License-Identifier: Apache-2.0 */
/* A program of nothing: the linker is told to keep every call of PSA, and what they need is what is measured. */
int main(void)
{
    return 0;
}
