using NanoOta.Tests.VirtualDevice;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Esp32;

[TestClass]
public sealed class ResetReasonTests
{
    [TestMethod]
    public void The_last_reset_and_the_trial_are_those_of_the_native_module()
    {
        var flash = TestFlash.With(TestFlash.Trial(boots: 2, blips: 1), 0, 1);
        using var attached = new NativePort(flash, TestFlash.Map, TestFlash.Boot(flash, ResetReason.Brownout)).Attach();
        var reset = new NativeBootControl();
        Assert.AreEqual(ResetReason.Brownout, reset.ResetReason);
        Assert.AreEqual("brown-out", ResetReasons.Text(reset.ResetReason));
        Assert.AreEqual(3, reset.TrialBoots);
        Assert.AreEqual(2, reset.PowerBlips);
    }

    [TestMethod]
    public void Every_reset_reason_has_a_text_of_its_own()
    {
        var texts = Enum.GetValues<ResetReason>().Select(reason => ResetReasons.Text(reason)).ToArray();
        CollectionAssert.AllItemsAreUnique(texts);
        Assert.IsFalse(texts.Any(text => text.Any(char.IsDigit)), "every number of the rules has a text");
        Assert.AreEqual("reset reason 16", ResetReasons.Text((ResetReason)16));
        Assert.AreEqual("reset reason -1", ResetReasons.Text((ResetReason)(-1)));
    }
}
