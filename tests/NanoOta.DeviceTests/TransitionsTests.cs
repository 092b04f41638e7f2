using System;
using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    /// <summary>The table is a static array: on the device its initialiser runs at the start, in the order of types.</summary>
    [TestClass]
    public class TransitionsTests
    {
        [TestMethod]
        public void The_first_and_the_last_row_are_there()
        {
            Leads(Phase.Settle, Outcome.OnTrial, Phase.Trial);
            Leads(Phase.Verify, Outcome.Done, Phase.Activate);
            Leads(Phase.Activate, Outcome.Stale, Phase.Verify);
            Leads(Phase.Activate, Outcome.Refused, Phase.Idle);
            Leads(Phase.Stage, Outcome.Again, Phase.Stage);
        }

        [TestMethod]
        public void An_outcome_that_a_phase_does_not_have_is_a_programmer_error_with_both_numbers()
        {
            string message = "";
            try
            {
                Transitions.Next(Phase.Reboot, Outcome.Unfit);
            }
            catch (InvalidOperationException e)
            {
                message = e.Message;
            }

            Assert.AreEqual("no transition from phase 13 on outcome 5", message);
        }

        [TestMethod]
        public void An_unknown_error_number_has_a_text_as_well()
        {
            Assert.AreEqual("unknown error", UpdateErrors.Text((UpdateError)65535));
            Assert.AreEqual("the boot record cannot be written", UpdateErrors.Text((UpdateError)7002));
        }

        private static void Leads(Phase phase, Outcome outcome, Phase expected)
        {
            Assert.AreEqual((int)expected, (int)Transitions.Next(phase, outcome));
        }
    }
}
