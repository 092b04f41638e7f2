#include "board.h"

extern "C" {
#include "nanoota_otadata.h"
}

#include <esp_image_format.h>
#include <esp_ota_ops.h>
#include <esp_rom_sys.h>
#include <esp_sleep.h>
#include <freertos/FreeRTOS.h>
#include <freertos/task.h>
#include <hal/wdt_hal.h>
#include <soc/rtc.h>
#include <sys/lock.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>

extern "C" {
/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker defines these names. */
extern uint8_t __start_rtc_noinit[];
extern uint8_t __stop_rtc_noinit[];
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
}

namespace
{

const int RESTARTED = 77;
const int ASLEEP = 78;

const esp_partition_subtype_t DEPLOYMENT = (esp_partition_subtype_t)0x84;
const esp_partition_subtype_t RECORDS = (esp_partition_subtype_t)0x40;

/* The first ones are the regions of the simulated flash. */
const esp_partition_t table[] = {
    {ESP_PARTITION_TYPE_DATA, DEPLOYMENT, 0x1E0000, SIM_SLOT_SIZE, "deploy_0"},
    {ESP_PARTITION_TYPE_DATA, DEPLOYMENT, 0x2B0000, SIM_SLOT_SIZE, "deploy_1"},
    {ESP_PARTITION_TYPE_DATA, RECORDS, 0x380000, NANOOTA_RECORDS_MINIMUM_WITH_RUNTIMES, "nanoota"},
    {ESP_PARTITION_TYPE_DATA, ESP_PARTITION_SUBTYPE_DATA_OTA, 0xF000, 0x2000, "otadata"},
    {ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_APP_OTA_0, 0x400000, SIM_RUNTIME_SIZE, "ota_0"},
    {ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_APP_OTA_1, 0x5D0000, SIM_RUNTIME_SIZE, "ota_1"},
    {ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_APP_OTA_2, 0x7A0000, SIM_RUNTIME_SIZE, "ota_2"},
    {ESP_PARTITION_TYPE_DATA, ESP_PARTITION_SUBTYPE_DATA_NVS, 0x9000, 0x6000, "nvs"},
    {ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_APP_FACTORY, 0x10000, 0x1D0000, "factory"},
    {ESP_PARTITION_TYPE_DATA, ESP_PARTITION_SUBTYPE_DATA_LITTLEFS, 0x3C0000, 0x40000, "config"},
};

board_state *share() noexcept
{
    void *memory = mmap(nullptr, sizeof(board_state), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) abort();
    return static_cast<board_state *>(memory);
}

bool is_named(const esp_partition_t &partition, const char *label)
{
    return label != nullptr && strcmp(partition.label, label) == 0;
}

bool is_missing(const esp_partition_t &partition)
{
    if (is_named(partition, "otadata")) return !board->has_otadata;
    if (is_named(partition, "ota_2")) return !board->has_third;
    return is_named(partition, board->missing);
}

const esp_partition_t *find(int type, int subtype, const char *label)
{
    for (const esp_partition_t &partition : table) {
        if (is_missing(partition)) continue;
        if (type != ESP_PARTITION_TYPE_ANY && partition.type != type) continue;
        if (subtype != ESP_PARTITION_SUBTYPE_ANY && partition.subtype != subtype) continue;
        if (label == nullptr || is_named(partition, label)) return &partition;
    }
    return nullptr;
}

/* A range of a region of the simulated flash; anything else is a mistake of the glue. */
bool is_flash(const esp_partition_t *partition, size_t offset, size_t size)
{
    bool is_region = partition >= table && partition < table + NANOOTA_REGIONS;
    if (is_region && size <= partition->size && offset <= partition->size - size) return true;
    (void)fprintf(stderr, "misuse of a partition: %zu bytes at 0x%zX\n", size, offset);
    abort();
}

nanoota_region region_of(const esp_partition_t *partition)
{
    return static_cast<nanoota_region>(partition - table);
}

rtc_watchdog &watchdog(const wdt_hal_context_t *hal)
{
    if (hal->inst != WDT_RWDT) abort();
    board->watchdog.touched++;
    return board->watchdog;
}

rtc_watchdog &unlocked(const wdt_hal_context_t *hal)
{
    if (board->watchdog.is_locked) abort(); /* the hardware would ignore it */
    return watchdog(hal);
}

size_t rtc_length()
{
    auto length = reinterpret_cast<uintptr_t>(__stop_rtc_noinit) - reinterpret_cast<uintptr_t>(__start_rtc_noinit);
    if (length < NANOOTA_RETAINED_LENGTH || length > sizeof board_state::rtc_memory) abort();
    return length;
}

/* At the end of a run, however it ends. */
void keep_rtc_memory()
{
    memcpy(board->rtc_memory, __start_rtc_noinit, rtc_length());
}

[[noreturn]] void end_with(int code)
{
    exit(test_has_failed() ? EXIT_FAILURE : code);
}

void lose_rtc_memory()
{
    uint32_t noise = test_seed();
    std::generate_n(board->rtc_memory, sizeof board->rtc_memory, [&noise] { return (uint8_t)sim_random(&noise); });
}

} // namespace

board_state *const board = share();

void board_with(const nanoota_record *record, uint32_t slots)
{
    memset(board, 0, sizeof *board);
    sim_with(&board->sim, record, slots);
    sim_add_runtimes(&board->sim);
    board->running = "factory";
    test_forget(board->rtc_memory);
}

void board_add_runtimes(uint8_t running)
{
    nanoota_ota_record record;
    nanoota_flash port = sim_port(&board->sim);
    board->has_otadata = true;
    board->running = running == 0 ? "ota_0" : "ota_1";
    memset(&record, 0xFF, sizeof record);
    nanoota_ota_set(&record, running + 1u, NANOOTA_OTA_VALID);
    CHECK(nanoota_otadata_write(&port, 0, &record), "otadata");
    board->sim.cells[SIM_RUNTIMES + running * SIM_RUNTIME_SIZE] = IMAGE_MAGIC;
}

chip_end chip_run(int reset_reason, void (*firmware)())
{
    int status = 0;
    board->watchdog = rtc_watchdog();
    board->watchdog.is_locked = true;
    board->reset_reason = reset_reason;
    board->wake_after = 0;
    board->uptime = 0;
    if (reset_reason == ESP_RST_POWERON || reset_reason == ESP_RST_BROWNOUT) lose_rtc_memory();
    (void)fflush(stdout);
    pid_t chip = fork();
    if (chip == 0) {
        memcpy(__start_rtc_noinit, board->rtc_memory, rtc_length());
        if (atexit(keep_rtc_memory) != 0) abort();
        firmware();
        end_with(EXIT_SUCCESS);
    }
    bool has_ended = waitpid(chip, &status, 0) == chip && WIFEXITED(status);
    int code = has_ended ? WEXITSTATUS(status) : -1;
    if (code != EXIT_SUCCESS && code != RESTARTED && code != ASLEEP)
        test_fail(__FILE__, __LINE__, "the firmware ended well", "code %d, status %d", code, status);
    return code == RESTARTED ? CHIP_RESTARTED : code == ASLEEP ? CHIP_ASLEEP : CHIP_OFF;
}

nanoota_record board_record()
{
    nanoota_record record;
    nanoota_flash port = sim_port(&board->sim);
    (void)nanoota_record_load(&port, &record);
    return record;
}

nanoota_retained board_retained()
{
    return nanoota_retained_decode(board->rtc_memory);
}

extern "C" {

const esp_partition_t *esp_partition_find_first(esp_partition_type_t type, esp_partition_subtype_t subtype, const char *label)
{
    board->finds++;
    return find(type, subtype, label);
}

esp_err_t esp_partition_read(const esp_partition_t *partition, size_t src_offset, void *dst, size_t size)
{
    nanoota_flash port = sim_port(&board->sim);
    if (!is_flash(partition, src_offset, size)) return ESP_FAIL;
    return port.read(port.context, region_of(partition), (uint32_t)src_offset, dst, (uint32_t)size) ? ESP_OK : ESP_FAIL;
}

esp_err_t esp_partition_write(const esp_partition_t *partition, size_t dst_offset, const void *src, size_t size)
{
    nanoota_flash port = sim_port(&board->sim);
    if (!is_flash(partition, dst_offset, size)) return ESP_FAIL;
    return port.program(port.context, region_of(partition), (uint32_t)dst_offset, src, (uint32_t)size) ? ESP_OK : ESP_FAIL;
}

esp_err_t esp_partition_erase_range(const esp_partition_t *partition, size_t offset, size_t size)
{
    nanoota_flash port = sim_port(&board->sim);
    if (!is_flash(partition, offset, size) || size != NANOOTA_SECTOR_SIZE) abort();
    return port.erase(port.context, region_of(partition), (uint32_t)offset) ? ESP_OK : ESP_FAIL;
}

const esp_partition_t *esp_ota_get_running_partition(void)
{
    return board->running == nullptr ? nullptr : find(ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_ANY, board->running);
}

uint8_t esp_ota_get_app_partition_count(void)
{
    return board->has_third ? 3 : 2;
}

esp_err_t esp_image_verify(esp_image_load_mode_t mode, const esp_partition_pos_t *part, esp_image_metadata_t *data)
{
    if (mode != ESP_IMAGE_VERIFY_SILENT || data == nullptr) abort();
    for (const esp_partition_t &partition : table)
        if (partition.address == part->offset && partition.size == part->size)
            return *sim_at(&board->sim, SIM_RUNTIMES + (region_of(&partition) - NANOOTA_RUNTIME_0) * SIM_RUNTIME_SIZE) == IMAGE_MAGIC
                ? ESP_OK
                : ESP_FAIL;
    abort();
}

esp_reset_reason_t esp_reset_reason(void)
{
    return static_cast<esp_reset_reason_t>(board->reset_reason);
}

soc_reset_reason_t esp_rom_get_reset_reason(int cpu_no)
{
    if (cpu_no != 0) abort();
    return static_cast<soc_reset_reason_t>(board->raw_reason);
}

void esp_restart(void)
{
    end_with(RESTARTED);
}

esp_err_t esp_sleep_enable_timer_wakeup(uint64_t time_in_us)
{
    if (board->has_no_timer) return ESP_FAIL;
    board->wake_after = time_in_us;
    return ESP_OK;
}

void esp_deep_sleep_start(void)
{
    end_with(ASLEEP);
}

TickType_t xTaskGetTickCount(void)
{
    return board->uptime;
}

void vTaskDelay(const TickType_t ticks)
{
    board->pauses += ticks;
}

uint32_t rtc_clk_slow_freq_get_hz(void)
{
    return SLOW_CLOCK_HZ;
}

/* As in ESP-IDF, it unlocks the hardware itself, turns it off and locks it again. */
void wdt_hal_init(wdt_hal_context_t *hal, wdt_inst_t wdt_inst, uint32_t prescaler, bool enable_intr)
{
    hal->inst = wdt_inst;
    rtc_watchdog &hardware = watchdog(hal);
    if (prescaler != 0 || enable_intr) abort();
    hardware.is_on = false;
    hardware.is_locked = true;
}

void wdt_hal_config_stage(wdt_hal_context_t *hal, wdt_stage_t stage, uint32_t timeout_ticks, wdt_stage_action_t behavior)
{
    rtc_watchdog &hardware = unlocked(hal);
    if (stage != WDT_STAGE0 && stage != WDT_STAGE1) abort();
    hardware.ticks[stage] = timeout_ticks;
    hardware.action[stage] = behavior;
    if (stage == WDT_STAGE0) hardware.configured++;
}

void wdt_hal_write_protect_disable(wdt_hal_context_t *hal)
{
    watchdog(hal).is_locked = false;
}

void wdt_hal_write_protect_enable(wdt_hal_context_t *hal)
{
    watchdog(hal).is_locked = true;
}

void wdt_hal_enable(wdt_hal_context_t *hal)
{
    unlocked(hal).is_on = true;
}

void wdt_hal_disable(wdt_hal_context_t *hal)
{
    unlocked(hal).is_on = false;
}

struct lock_of_system
{
    std::mutex mutex;
};

void _lock_acquire(_lock_t *lock)
{
    static std::mutex making;
    {
        std::lock_guard<std::mutex> guard(making);
        if (*lock == nullptr) *lock = new lock_of_system;
    }
    (*lock)->mutex.lock();
}

void _lock_release(_lock_t *lock)
{
    (*lock)->mutex.unlock();
}
}
