using System;
using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    [TestClass]
    public class HealthScoreTests
    {
        [TestMethod]
        public void By_default_every_probe_must_be_good()
        {
            var a = new Answer();
            var b = new Answer();
            var score = new HealthScore();
            score.Add("a", a, 5, false);
            score.Add("b", b, 1, false);
            Is(Health.Unknown, score, "a unknown, b unknown");
            a.Now = Health.Good;
            Is(Health.Unknown, score, "b unknown");
            b.Now = Health.Good;
            Is(Health.Good, score, "");
            b.Now = Health.Bad;
            Is(Health.Bad, score, "b bad");
        }

        [TestMethod]
        public void A_bad_mandatory_probe_decides_regardless_of_the_others()
        {
            var server = new Answer();
            var score = new HealthScore { NeededScore = 1 };
            score.Add("server", server, 1, true);
            score.Add("other", new Answer { Now = Health.Good }, 1000, false);
            Is(Health.Unknown, score, "server unknown");
            server.Now = Health.Bad;
            Is(Health.Bad, score, "server bad");
            server.Now = Health.Good;
            Is(Health.Good, score, "");
        }

        [TestMethod]
        public void A_score_is_bad_only_when_it_cannot_be_reached_any_more()
        {
            var a = new Answer();
            var b = new Answer();
            var c = new Answer();
            var score = new HealthScore { NeededScore = 3 };
            score.Add("a", a, 2, false);
            score.Add("b", b, 1, false);
            score.Add("c", c, 1, false);
            c.Now = Health.Bad;
            Is(Health.Unknown, score, "a unknown, b unknown, c bad");
            a.Now = Health.Good;
            b.Now = Health.Good;
            Is(Health.Good, score, "c bad");
            b.Now = Health.Bad;
            Is(Health.Bad, score, "b bad, c bad");
            c.Now = Health.Good;
            Is(Health.Good, score, "b bad");
        }

        [TestMethod]
        public void The_last_known_answer_counts()
        {
            var a = new Answer { Now = Health.Good };
            var score = new HealthScore();
            score.Add("a", a, 1, true);
            Is(Health.Good, score, "");
            a.Now = Health.Unknown;
            Is(Health.Good, score, "");
            a.Now = Health.Bad;
            Is(Health.Bad, score, "a bad");
            a.Now = Health.Unknown;
            Is(Health.Bad, score, "a bad");
        }

        [TestMethod]
        public void A_throwing_probe_is_unknown_until_it_answers_and_the_others_still_run()
        {
            var broken = new Answer { Now = Health.Good };
            var last = new Answer { Now = Health.Good };
            var score = new HealthScore();
            score.Add("broken", broken, 1, true);
            score.Add("last", last, 1, false);
            Is(Health.Good, score, "");
            broken.Throws = true;
            Is(Health.Unknown, score, "broken unknown (InvalidOperationException)");
            Assert.AreEqual(2, last.Asked);
            broken.Throws = false;
            Is(Health.Good, score, "");
        }

        [TestMethod]
        public void An_answer_outside_of_Health_is_not_good()
        {
            var score = new HealthScore();
            score.Add("a", new Answer { Now = (Health)3 }, 1, false);
            Is(Health.Unknown, score, "a unknown");
        }

        [TestMethod]
        public void Without_a_probe_the_firmware_is_bad()
        {
            Is(Health.Bad, new HealthScore(), "");
        }

        [TestMethod]
        public void A_needed_score_above_all_weights_is_never_reached()
        {
            var score = new HealthScore { NeededScore = 2 };
            score.Add("a", new Answer { Now = Health.Good }, 1, true);
            Is(Health.Bad, score, "");
        }

        [TestMethod]
        public void Good_probes_are_one_bit_each_and_can_be_recalled()
        {
            var score = new HealthScore();
            for (int i = 0; i < HealthScore.MaxProbes; i++)
                score.Add("p" + i.ToString(), new Answer { Now = i % 7 == 0 ? Health.Good : Health.Unknown }, 1, false);
            Is(Health.Unknown, score, "p1 unknown, p2 unknown, p3 unknown, p4 unknown, p5 unknown, p6 unknown");
            Assert.AreEqual(0x81, score.GoodProbes);
            score.Recall(0x7C);
            Is(Health.Unknown, score, "p1 unknown");
            Assert.AreEqual(0xFD, score.GoodProbes);
            score.Recall(0x02);
            Is(Health.Good, score, "");
        }

        [TestMethod]
        public void A_probe_that_cannot_be_added_is_refused_with_the_reason()
        {
            var score = new HealthScore();
            Refuses(score, "", new Answer(), 1, "a probe's name has 1 to 32 plain characters");
            Refuses(score, "\"", new Answer(), 1, "a probe's name has 1 to 32 plain characters");
            Refuses(score, "a", null!, 1, "probe a is null");
            Refuses(score, "a", new Answer(), 0, "the weight of probe a must be 1 to 1000");
            Refuses(score, "a", new Answer(), 1001, "the weight of probe a must be 1 to 1000");
            for (int i = 0; i < HealthScore.MaxProbes; i++) score.Add("a", new Answer { Now = Health.Good }, 1000, false);
            Refuses(score, "i", new Answer(), 1, "probe i would be the ninth, and eight is the most");
            Is(Health.Good, score, "");
        }

        private static void Is(Health expected, HealthScore score, string shortcomings)
        {
            Assert.AreEqual((int)expected, (int)score.Check());
            Assert.AreEqual(shortcomings, score.FailedProbes);
        }

        private static void Refuses(HealthScore score, string name, IHealthCheck probe, int weight, string reason)
        {
            string message = "";
            try
            {
                score.Add(name, probe, weight, false);
            }
            catch (ArgumentException e)
            {
                message = e.Message;
            }

            Assert.AreEqual(reason, message);
        }

        private sealed class Answer : IHealthCheck
        {
            public Health Now;
            public bool Throws;
            public int Asked;

            public Health Check()
            {
                Asked++;
                if (Throws) throw new InvalidOperationException("this probe is broken");
                return Now;
            }
        }
    }
}
